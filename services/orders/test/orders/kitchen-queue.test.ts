import t from 'tap'
import { addCafeteria, addProduct, addSlot, addUser } from '../builders.ts'
import { startCampusApp } from './campus-app.ts'
import { openAtNoon } from './kitchen-at-noon.ts'
import { traces } from './traces.ts'

const campus = await startCampusApp(t)
const { place, move } = campus
const db = campus.database.primary
const { admin } = campus.campus

const kitchen = async (cooks: number) => {
  const cafeteria = await addCafeteria(db, { cooks, slotCapacityOrders: 1000 })
  const product = await addProduct(db, { cafeteriaId: cafeteria.id, makeSeconds: 120, priceCents: 0 })
  return { cafeteriaId: cafeteria.id, items: [{ productId: product.id, quantity: 1 }] }
}

/** How many seconds after its placing an order is promised. */
const promisedAfter = ({ promisedAt, createdAt }: { promisedAt: string; createdAt: string }) =>
  Math.round((Date.parse(promisedAt) - Date.parse(createdAt)) / 1000)
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()

t.test('an order waits for those before it, which the cooks share', async (t) => {
  for (const [cooks, promised] of [
    [1, [120, 240, 360, 480]],
    [2, [120, 180, 240, 300]],
    [100, [120, 122, 123, 124]],
  ] as const) {
    const order = await kitchen(cooks)
    const answers: number[] = []
    while (answers.length < promised.length) answers.push(promisedAfter((await place(order)).body))
    t.strictSame(answers, promised, `${cooks} cooks`)
  }
})

t.test('managers say how many cook, from 1 to 100', async (t) => {
  const order = await kitchen(1)
  const { caller } = await addUser(db, { memberships: { [order.cafeteriaId]: 'manager' } })
  const change = (cooks: unknown) =>
    campus.call({
      method: 'PATCH',
      url: `/v1/cafeterias/${order.cafeteriaId}`,
      headers: campus.as(caller),
      payload: { cooks },
    })
  for (const cooks of [0, 101, 1.5, null]) {
    const { status, body } = await change(cooks)
    t.match({ status, body }, { status: 400, body: { errors: [{ field: 'cooks' }] } }, String(cooks))
  }
  t.equal((await place(order)).status, 201)
  t.match(await change(4), { status: 200, body: { cooks: 4 } })
  t.equal(promisedAfter((await place(order)).body), 150, 'a quarter of two minutes, and two minutes')
})

t.test('nobody waits for what is ready or cancelled, nor for what the kitchen begins later', async (t) => {
  const order = await kitchen(1)
  const next = async () => promisedAfter((await place(order)).body)
  const moves = async (id: string, ...names: string[]) => {
    for (const name of names) {
      const { status } = await move(
        id,
        name,
        admin.caller,
        name === 'cancel' ? { body: { reason: 'x' } } : {},
      )
      t.equal(status, 200, name)
    }
  }
  const [first, second] = [(await place(order)).body, (await place(order)).body]
  t.equal(promisedAfter(second), 240)
  await moves(first.id, 'accept', 'start')
  t.equal(await next(), 360, 'what is being prepared is still waited for')
  await moves(first.id, 'ready')
  t.equal(await next(), 360, 'two before it')
  await moves(first.id, 'recall')
  t.equal(await next(), 600, 'a recalled one is before it again')
  await moves(second.id, 'cancel')
  t.equal(await next(), 600)

  const ahead = await kitchen(1)
  const [soon, later, tomorrow] = await Promise.all(
    [9, 30, 24 * 60].map((minutes) =>
      addSlot(db, { cafeteriaId: ahead.cafeteriaId, startsAt: inMinutes(minutes) }),
    ),
  )
  for (const slot of [later, tomorrow]) {
    const placed = await place({ ...ahead, slotId: slot?.id, pickup: undefined })
    t.match(placed, { status: 201, body: { promisedAt: slot?.startsAt } })
  }
  t.equal(promisedAfter((await place(ahead)).body), 120, 'they begin later')
  await place({ ...ahead, slotId: soon?.id, pickup: undefined })
  t.equal(promisedAfter((await place(ahead)).body), 360, 'this one begins within ten minutes')
})

t.test('orders that a kitchen forgot make no absurd promise', async (t) => {
  const order = await kitchen(1)
  await db
    .updateTable('products')
    .set({ makeSeconds: 7200 })
    .where('cafeteriaId', '=', order.cafeteriaId)
    .execute()
  await place(order)
  t.equal(promisedAfter((await place(order)).body), 3600 + 7200, 'nobody waits for longer than an hour')
  const long = inMinutes(-61)
  await db.updateTable('orders').set({ beginAt: long }).where('cafeteriaId', '=', order.cafeteriaId).execute()
  t.equal(promisedAfter((await place(order)).body), 7200, 'after an hour they were forgotten')
})

t.test('what waits in the kitchen counts where closing, slots and mealtimes are judged', async (t) => {
  const closing = await openAtNoon(db, [[-60, 31]])
  await db.updateTable('cafeterias').set({ cooks: 1 }).where('id', '=', closing.cafeteriaId).execute()
  t.match(await place(closing.order), { status: 201 })
  const before = await traces(campus)
  t.match(await place(closing.order), {
    status: 409,
    body: { code: 'pickup_too_late', earliestPickupAt: String },
  })
  t.same(await traces(campus), before)

  const slots = await openAtNoon(db, [[-60, 180]])
  await db.updateTable('cafeterias').set({ cooks: 1 }).where('id', '=', slots.cafeteriaId).execute()
  const slot = await slots.slotAfter(21)
  const inSlot = { ...slots.order, slotId: slot.id, pickup: undefined }
  t.match(await place(inSlot), { status: 201, body: { promisedAt: slot.startsAt } })
  await place(slots.order)
  const refused = await place(inSlot)
  t.match(refused, { status: 409, body: { code: 'slot_too_soon' } })
  const { body: next } = await place(slots.order)
  t.ok(
    Date.parse(next.promisedAt) - Date.parse(refused.body.earliestPickupAt) < 20_000,
    'as the next order gets it',
  )
  t.ok(Date.parse(next.promisedAt) < Date.parse(next.pickupUntil))

  const lunch = await openAtNoon(db, [[-60, 300]])
  await db.updateTable('cafeterias').set({ cooks: 1 }).where('id', '=', lunch.cafeteriaId).execute()
  await lunch.serve(-60, 31)
  t.match(await place(lunch.order), { status: 201 })
  t.match(await place(lunch.order), {
    status: 409,
    body: { code: 'product_not_served', earliestPickupAt: String },
  })
})
