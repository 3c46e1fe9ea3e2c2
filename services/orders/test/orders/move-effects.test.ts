import type { MoveName } from '@comanda/ordering'
import t from 'tap'
import { addProduct } from '../builders.ts'
import { startCampusApp } from './campus-app.ts'
import { bodyOf, orderIn } from './order-in-status.ts'

t.test('an order goes from placed to collected, each move once and with its event and time', async (t) => {
  const { place, move, campus, database, call, as, statements } = await startCampusApp(t)
  const { staff, customer } = campus
  const { body: placed } = await place()
  const path: [MoveName, string][] = [
    ['accept', 'acceptedAt'],
    ['start', 'startedAt'],
    ['ready', 'readyAt'],
    ['recall', 'startedAt'],
    ['ready', 'readyAt'],
    ['collect', 'closedAt'],
  ]
  for (const [name, time] of path) {
    statements.length = 0
    const body = bodyOf(name, placed.pickupCode) as object
    const first = await move(placed.id, name, staff.caller, { body })
    t.equal(statements.length, 1, `${name} is one round trip`)
    t.ok(first.body[time], `${name} sets ${time}`)
    const again = await move(placed.id, name, staff.caller, { body })
    t.strictSame(again.body, first.body, `${name} again changes nothing`)
  }
  const { body } = await call({ url: `/v1/orders/${placed.id}/events`, headers: as(customer.caller) })
  t.match(
    body.data.map(({ type, version }: { type: string; version: number }) => [type, version]),
    [
      ['order.placed', 1],
      ['order.accepted', 2],
      ['order.preparing', 3],
      ['order.ready', 4],
      ['order.preparing', 5],
      ['order.ready', 6],
      ['order.collected', 7],
    ],
  )
  const later = await call({ url: `/v1/orders/${placed.id}/events?after=5`, headers: as(staff.caller) })
  t.strictSame(
    later.body.data.map(({ version }: { version: number }) => version),
    [6, 7],
  )
  t.equal(
    (await database.primary.selectFrom('events').selectAll().execute()).length,
    7,
    'repeats left no event',
  )
})

t.test('of many moves at once exactly one happens', async (t) => {
  const campus = await startCampusApp(t)
  const { staff } = campus.campus
  const { id } = await orderIn(campus, 'placed')
  const race = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      index % 2
        ? campus.move(id, 'accept', staff.caller)
        : campus.move(id, 'reject', staff.caller, { body: { reason: 'busy' } }),
    ),
  )
  const { status } = await campus.database.primary
    .selectFrom('orders')
    .select('status')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  for (const answer of race)
    t.equal(answer.status === 200, answer.body.status === status && answer.body.code === undefined)
  const events = await campus.database.primary
    .selectFrom('events')
    .select('version')
    .where('orderId', '=', id)
    .execute()
  t.equal(events.length, 2)
})

t.test(
  'an order that falls through before preparation gives back money, stock and place; a made one only money',
  async (t) => {
    const campus = await startCampusApp(t)
    const { staff, cafeteria, customer } = campus.campus
    const product = await addProduct(campus.database.primary, {
      cafeteriaId: cafeteria.id,
      priceCents: 2500,
      stockQuantity: 9,
      makeSeconds: 30,
    })
    const state = async () => ({
      stock: (
        await campus.database.primary
          .selectFrom('products')
          .select('stockQuantity')
          .where('id', '=', product.id)
          .executeTakeFirst()
      )?.stockQuantity,
      places: await campus.database.primary
        .selectFrom('pickupSlots')
        .select((eb) => [
          eb.fn.sum<number>('reservedOrders').as('orders'),
          eb.fn.sum<number>('reservedMakeSeconds').as('seconds'),
        ])
        .executeTakeFirst(),
      balance: (
        await campus.database.primary
          .selectFrom('accounts')
          .select('balanceCents')
          .where('id', '=', customer.id)
          .executeTakeFirst()
      )?.balanceCents,
    })
    const items = [{ productId: product.id, quantity: 2 }]
    const before = await state()
    t.match(before, { stock: 9, places: { orders: 0, seconds: 0 }, balance: 100_000 })

    const rejected = await campus.place({ items })
    t.match(await state(), { stock: 7, places: { orders: 1, seconds: 60 }, balance: 95_000 })
    const answer = await campus.move(rejected.body.id, 'reject', staff.caller, { body: { reason: 'no gas' } })
    t.match(answer.body, {
      status: 'rejected',
      reason: 'no gas',
      payment: { status: 'captured', refundedCents: 5000 },
    })
    t.strictSame(await state(), before)

    const made = await campus.place({ items })
    for (const name of ['accept', 'start']) await campus.move(made.body.id, name, staff.caller)
    await campus.move(made.body.id, 'cancel', staff.caller, { body: { reason: 'dropped' } })
    t.match(await state(), { stock: 7, places: { orders: 1 }, balance: 100_000 })
  },
)
