import { zoneAtNoon } from '@comanda/service/testing'
import t from 'tap'
import { addCafeteria, addSlot } from '../builders.ts'
import { startEditingApp, unknownId } from '../editing-app.ts'

const { db, send, auditOf, refusesOthers, cafeteria, elsewhere, staff, manager, admin, statements } =
  await startEditingApp(t)

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()

t.test('the slots of a local date are answered whole and in order, in one statement', async (t) => {
  const madrid = await addCafeteria(db, { slotDays: null, timeZone: 'Europe/Madrid' })
  const cafeteriaId = madrid.id
  const add = (startsAt: string, endsAt: string, values = {}) =>
    addSlot(db, { cafeteriaId, startsAt, endsAt, ...values })
  await add('2030-07-01T21:45:00Z', '2030-07-01T22:00:00Z')
  const last = await add('2030-07-02T21:45:00Z', '2030-07-02T22:00:00Z', {
    capacityOrders: 2,
    reservedOrders: 2,
    capacityMakeSeconds: 300,
    reservedMakeSeconds: 100,
  })
  const first = await add('2030-07-01T22:00:00Z', '2030-07-01T22:15:00Z', { reservedOrders: 3 })
  await add('2030-07-02T22:00:00Z', '2030-07-02T22:15:00Z')
  await add('2030-07-02T10:00:00Z', '2030-07-02T10:15:00Z', { closed: true })

  statements.length = 0
  const { status, body } = await send('GET', `/v1/cafeterias/${cafeteriaId}/slots?date=2030-07-02`)
  t.equal(statements.length, 1)
  t.equal(status, 200)
  t.same(body, {
    date: '2030-07-02',
    timeZone: 'Europe/Madrid',
    nextCursor: null,
    data: [
      {
        id: first.id,
        cafeteriaId,
        startsAt: '2030-07-01T22:00:00+00:00',
        endsAt: '2030-07-01T22:15:00+00:00',
        capacityOrders: 20,
        reservedOrders: 3,
        remainingOrders: 17,
        remainingMakeSeconds: null,
        available: true,
      },
      {
        id: last.id,
        cafeteriaId,
        startsAt: '2030-07-02T21:45:00+00:00',
        endsAt: '2030-07-02T22:00:00+00:00',
        capacityOrders: 2,
        reservedOrders: 2,
        remainingOrders: 0,
        remainingMakeSeconds: 200,
        available: false,
      },
    ],
  })
})

t.test(
  'without a date it is today where the cafeteria is, with the past, which is not available',
  async (t) => {
    const { id: atNoon, timeZone } = await addCafeteria(db, { timeZone: zoneAtNoon })
    const { body } = await send('GET', `/v1/cafeterias/${atNoon}/slots`)
    t.equal(body.date, new Intl.DateTimeFormat('sv', { timeZone }).format())
    const midnight = Date.parse(body.data.at(-1).endsAt)
    t.equal(new Intl.DateTimeFormat('sv', { timeZone, timeStyle: 'medium' }).format(midnight), '00:00:00')
    const over = await addSlot(db, {
      cafeteriaId: elsewhere.id,
      startsAt: inMinutes(-30),
      endsAt: inMinutes(-1),
    })
    const day = over.startsAt.slice(0, 10)
    const dates = [day, new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10)]
    const found = []
    for (const date of dates) {
      found.push(...(await send('GET', `/v1/cafeterias/${elsewhere.id}/slots?date=${date}`)).body.data)
    }
    t.match(found, [{ id: over.id, remainingOrders: 20, available: false }])
    t.equal((await send('GET', `/v1/cafeterias/${cafeteria.id}/slots?date=2030-02-30`)).status, 400)
    t.match(await send('GET', `/v1/cafeterias/${unknownId}/slots`), {
      status: 404,
      body: { code: 'cafeteria_not_found' },
    })
  },
)

t.test('walk-ins take room in orders and in make seconds, and no more than there is', async (t) => {
  const slot = await addSlot(db, { cafeteriaId: cafeteria.id, capacityOrders: 5, capacityMakeSeconds: 600 })
  const walkIn = (orders: number, makeSeconds: number, who = staff) =>
    send('POST', `/v1/slots/${slot.id}/walk-ins`, who, { orders, makeSeconds })

  t.match(await walkIn(2, 300), {
    status: 200,
    body: { id: slot.id, reservedOrders: 2, remainingOrders: 3, remainingMakeSeconds: 300, available: true },
  })
  t.match(await walkIn(4, 0), {
    status: 409,
    body: { code: 'slot_full', remainingOrders: 3, remainingMakeSeconds: 300 },
  })
  t.match(await walkIn(1, 301), { status: 409, body: { code: 'slot_full' } })
  t.match(await walkIn(3, 300, admin), { status: 200, body: { remainingOrders: 0, available: false } })
  t.match(await auditOf(slot.id), [
    {
      action: 'slot.walk_in',
      actorId: staff.id,
      subjectType: 'slot',
      before: { reservedOrders: 0, reservedMakeSeconds: 0 },
      after: { reservedOrders: 2, reservedMakeSeconds: 300 },
      requestId: String,
    },
    { actorId: admin.id, after: { reservedOrders: 5, reservedMakeSeconds: 600 } },
  ])
})

t.test('walk-ins that come at once never get more than the slot has', async (t) => {
  const slot = await addSlot(db, { cafeteriaId: cafeteria.id, startsAt: inMinutes(120), capacityOrders: 7 })
  const answers = await Promise.all(
    Array.from({ length: 20 }, () =>
      send('POST', `/v1/slots/${slot.id}/walk-ins`, manager, { orders: 1, makeSeconds: 10 }),
    ),
  )
  const statuses = answers.map(({ status }) => status).toSorted()
  t.same(statuses, [...Array(7).fill(200), ...Array(13).fill(409)])
  const { reservedOrders, reservedMakeSeconds } = await db
    .selectFrom('pickupSlots')
    .selectAll()
    .where('id', '=', slot.id)
    .executeTakeFirstOrThrow()
  t.same({ reservedOrders, reservedMakeSeconds }, { reservedOrders: 7, reservedMakeSeconds: 70 })
})

t.test(
  'walk-ins are refused at a slot that is over or closed, by strangers, and when they make no sense',
  async (t) => {
    const over = await addSlot(db, {
      cafeteriaId: cafeteria.id,
      startsAt: inMinutes(-90),
      endsAt: inMinutes(-60),
    })
    const closed = await addSlot(db, { cafeteriaId: cafeteria.id, startsAt: inMinutes(180), closed: true })
    const one = { orders: 1, makeSeconds: 0 }
    for (const slot of [over, closed]) {
      t.match(await send('POST', `/v1/slots/${slot.id}/walk-ins`, staff, one), {
        status: 409,
        body: { code: 'slot_closed' },
      })
    }
    const open = await addSlot(db, { cafeteriaId: cafeteria.id, startsAt: inMinutes(240) })
    const url = `/v1/slots/${open.id}/walk-ins`
    await refusesOthers(t, (who) => send('POST', url, who, one), {
      notFound: 'slot_not_found',
      staffMay: true,
    })
    t.match(await send('POST', `/v1/slots/${unknownId}/walk-ins`, staff, one), {
      status: 404,
      body: { code: 'slot_not_found' },
    })
    for (const body of [
      {},
      { ...one, orders: 0 },
      { ...one, makeSeconds: -1 },
      { ...one, orders: 1.5 },
      { ...one, x: 1 },
    ]) {
      t.equal((await send('POST', url, staff, body)).status, 400, JSON.stringify(body))
    }
  },
)
