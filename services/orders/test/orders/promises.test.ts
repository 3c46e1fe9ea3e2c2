import t from 'tap'
import { startCampusApp } from './campus-app.ts'
import { openAtNoon } from './kitchen-at-noon.ts'
import { traces } from './traces.ts'

const campus = await startCampusApp(t)
const { place } = campus
const db = campus.database.primary

const minutesFromNow = (at: string) => (Date.parse(at) - Date.now()) / 60_000
const near = (at: string, minutes: number) => Math.abs(minutesFromNow(at) - minutes) < 2
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
const day = 24 * 60
const slotted = (slotId: string) => ({ slotId, pickup: undefined })

t.test(
  'what cannot be made before closing is refused with the earliest pick-up, and nothing is charged',
  async (t) => {
    const { order } = await openAtNoon(db, [[-60, 11]])
    const before = await traces(campus)
    const { status, body } = await place(order)
    t.match({ status, body }, { status: 409, body: { code: 'pickup_too_late' } })
    t.ok(near(body.latestPickupAt, 11), body.latestPickupAt)
    t.ok(near(body.earliestPickupAt, day - 60), body.earliestPickupAt)
    t.same(await traces(campus), before)

    t.match(await place({ ...order, latestPickupAt: inMinutes(day - 120) }), { status: 409 })
    const patient = await place({ ...order, latestPickupAt: inMinutes(day) })
    t.match(
      patient,
      { status: 201, body: { promisedAt: body.earliestPickupAt } },
      'tomorrow, if that will do',
    )
    t.match(await place({ ...order, latestPickupAt: 'tomorrow' }), { status: 400 })
  },
)

t.test('hours that adjoin are no closing, and today ends with the last hours of today', async (t) => {
  const adjoining = await openAtNoon(db, [
    [-60, 11],
    [11, 120],
  ])
  t.ok(near((await place(adjoining.order)).body.promisedAt, 20))
  const lunchAndDinner = await openAtNoon(db, [
    [-60, 11],
    [90, 240],
  ])
  t.ok(near((await place(lunchAndDinner.order)).body.promisedAt, 90))
  const night = await openAtNoon(db, [[300, 11]])
  const { status, body } = await place(night.order)
  t.match(
    { status, body },
    { status: 409, body: { code: 'pickup_too_late' } },
    'a night is of the evening before',
  )
  t.ok(near(body.latestPickupAt, 11) && near(body.earliestPickupAt, 300), JSON.stringify(body))
  const always = campus.campus.cafeteria.id
  await db.updateTable('products').set({ makeSeconds: 7200 }).where('cafeteriaId', '=', always).execute()
  t.ok(near((await place()).body.promisedAt, 120))
})

t.test('a slot takes only what is ready before it ends, and promises when that will be', async (t) => {
  const { order, slotAfter } = await openAtNoon(db, [[-60, 180]])
  const soon = await slotAfter(5)
  const { status, body } = await place({ ...order, ...slotted(soon.id) })
  t.match({ status, body }, { status: 409, body: { code: 'slot_too_soon' } })
  t.ok(near(body.earliestPickupAt, 20), body.earliestPickupAt)
  const later = await slotAfter(21)
  t.match(await place({ ...order, ...slotted(later.id), latestPickupAt: inMinutes(15) }), {
    status: 409,
    body: { code: 'pickup_too_late' },
  })
  t.match(await place({ ...order, ...slotted(later.id) }), {
    status: 201,
    body: { promisedAt: later.startsAt, pickupAt: later.startsAt, pickupUntil: later.endsAt },
  })
  const hour = await openAtNoon(db, [[-30, 180]], { slotMinutes: 60 })
  const { body: placed } = await place(hour.order)
  t.ok(near(placed.promisedAt, 20), 'within the slot that is under way')
  t.ok(Date.parse(placed.promisedAt) < Date.parse(placed.pickupUntil))
})

t.test('what would take days is refused', async (t) => {
  const { order, product } = await openAtNoon(db, [[-60, 180]], { makeSeconds: 7200 })
  await db.updateTable('products').set({ priceCents: 0 }).where('id', '=', product.id).execute()
  t.match(await place({ ...order, items: [{ productId: product.id, quantity: 99 }] }), {
    status: 409,
    body: { code: 'no_slot_available', earliestPickupAt: null },
  })
})

t.test('a mealtime is judged when the food is handed over', async (t) => {
  const ending = await openAtNoon(db, [[-60, 300]])
  await ending.serve(-60, 10)
  const { status, body } = await place(ending.order)
  t.match(
    { status, body },
    { status: 409, body: { code: 'product_not_served', line: 0, productId: ending.product.id } },
  )
  t.ok(near(body.earliestPickupAt, day - 60), body.earliestPickupAt)

  const beginning = await openAtNoon(db, [[-60, 300]])
  await beginning.serve(15, 60)
  t.ok(near((await place(beginning.order)).body.promisedAt, 20), 'it is not served yet, but will be')

  const during = await openAtNoon(db, [[-30, 300]], { slotMinutes: 60 })
  await during.serve(-60, 10)
  const slot = await during.slotAfter(-31)
  t.match(await place({ ...during.order, ...slotted(slot.id) }), {
    status: 409,
    body: { code: 'product_not_served' },
  })
})

t.test('a refusal because of the time says the earliest pick-up', async (t) => {
  const { order, cafeteriaId, slotAfter } = await openAtNoon(db, [[-60, 300]])
  const slot = await slotAfter(30)
  const setSlot = (values: object) =>
    db.updateTable('pickupSlots').set(values).where('id', '=', slot.id).execute()
  await setSlot({ capacityOrders: 0 })
  const full = await place({ ...order, ...slotted(slot.id) })
  t.match(full, { status: 409, body: { code: 'slot_full' } })
  t.ok(near(full.body.earliestPickupAt, 20))
  await setSlot({ closed: true })
  t.match(await place({ ...order, ...slotted(slot.id) }), {
    body: { code: 'slot_closed', earliestPickupAt: String },
  })
  await db
    .deleteFrom('openingHours')
    .where('cafeteriaId', '=', cafeteriaId)
    .where('kind', '=', 'ordering')
    .execute()
  const closed = await place(order)
  t.match(closed, { status: 409, body: { code: 'cafeteria_closed', earliestPickupAt: null } })
})
