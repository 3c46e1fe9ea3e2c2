import type { Caller } from '@comanda/access'
import {
  legalMoves,
  type MoveName,
  moves,
  type OrderStatus,
  orderStatuses,
  type Party,
} from '@comanda/ordering'
import t from 'tap'
import { addCafeteria, addProduct, addUser } from '../builders.ts'
import { type CampusApp, startCampusApp } from './campus-app.ts'

// The test places hundreds of orders, which takes a while on two busy cores.
t.setTimeout(240_000)

/** Inserts an order in a status without the API; its version is 1. */
async function orderIn(campus: CampusApp, status: OrderStatus) {
  const { body } = await campus.place()
  const now = new Date().toISOString()
  await campus.database.primary
    .updateTable('orders')
    .set({ status, readyAt: status === 'ready' ? now : null })
    .where('id', '=', body.id)
    .execute()
  return body as { id: string; pickupCode: string }
}

const bodyOf = (move: MoveName, pickupCode: string): object | undefined =>
  move === 'collect'
    ? { pickupCode }
    : move === 'reject' || move === 'cancel'
      ? { reason: 'because' }
      : undefined

t.test('every move, from every status, by everybody', async (t) => {
  const campus = await startCampusApp(t)
  const { database } = campus
  const { customer, staff, manager, admin, cafeteria } = campus.campus
  await database.primary
    .updateTable('accounts')
    .set({ balanceCents: 100_000_000 })
    .where('id', '=', customer.id)
    .execute()
  await database.primary
    .updateTable('pickupSlots')
    .set({ capacityOrders: 10_000 })
    .where('cafeteriaId', '=', cafeteria.id)
    .execute()
  const elsewhere = await addCafeteria(database.primary, { slotDays: null })
  const stranger = await addUser(database.primary)
  const foreignStaff = await addUser(database.primary, { memberships: { [elsewhere.id]: 'manager' } })

  const people: Record<string, { caller: Caller; party: Party | null }> = {
    customer: { caller: customer.caller, party: 'customer' },
    staff: { caller: staff.caller, party: 'staff' },
    manager: { caller: manager.caller, party: 'staff' },
    admin: { caller: admin.caller, party: 'staff' },
    'another customer': { caller: stranger.caller, party: null },
    'staff of another cafeteria': { caller: foreignStaff.caller, party: null },
  }

  for (const status of orderStatuses) {
    for (const [name, { caller, party }] of Object.entries(people)) {
      for (const move of Object.keys(moves) as MoveName[]) {
        const { id, pickupCode } = await orderIn(campus, status)
        const answer = await campus.move(id, move, caller, { body: bodyOf(move, pickupCode) as object })
        const message = `${name}: ${move} an order that is ${status}`
        const { to } = moves[move]
        if (caller.role === 'customer' && move !== 'cancel') {
          t.match(answer, { status: 403, body: { code: 'forbidden_role' } }, message)
        } else if (party === null) {
          t.match(answer, { status: 404, body: { code: 'order_not_found' } }, message)
        } else if (legalMoves(status, party).includes(move)) {
          t.match(
            answer,
            { status: 200, body: { status: to, version: 2 }, headers: { etag: '"2"' } },
            message,
          )
        } else if (status === to) {
          t.match(answer, { status: 200, body: { status, version: 1 } }, `${message}: already`)
        } else {
          t.match(
            answer,
            {
              status: 409,
              body: { code: 'illegal_move', orderStatus: status, legalMoves: legalMoves(status, party) },
            },
            message,
          )
        }
      }
    }
  }
})

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

t.test(
  'the pick-up code is checked, in either case, and repeating with a wrong one is still wrong',
  async (t) => {
    const campus = await startCampusApp(t)
    const { staff } = campus.campus
    const { id, pickupCode } = await orderIn(campus, 'ready')
    const wrong = pickupCode === 'AAAA' ? 'BBBB' : 'AAAA'
    t.match(await campus.move(id, 'collect', staff.caller, { body: { pickupCode: wrong } }), {
      status: 422,
      body: { code: 'wrong_pickup_code' },
    })
    t.match(
      await campus.move(id, 'collect', staff.caller, { body: { pickupCode: pickupCode.toLowerCase() } }),
      { status: 200, body: { status: 'collected' } },
    )
    t.match(await campus.move(id, 'collect', staff.caller, { body: { pickupCode: wrong } }), { status: 422 })
  },
)

t.test('a recall is possible only shortly after ready', async (t) => {
  const campus = await startCampusApp(t)
  const { id } = await orderIn(campus, 'ready')
  const longAgo = new Date(Date.now() - 121_000).toISOString()
  await campus.database.primary.updateTable('orders').set({ readyAt: longAgo }).where('id', '=', id).execute()
  const answer = await campus.move(id, 'recall', campus.campus.staff.caller)
  t.match(answer, { status: 409, body: { code: 'illegal_move', legalMoves: ['collect', 'cancel'] } })
})

t.test(
  'staff give a reason for cancelling, customers need none, and nobody rejects without one',
  async (t) => {
    const campus = await startCampusApp(t)
    const { staff, customer } = campus.campus
    const { id } = await orderIn(campus, 'placed')
    t.match(await campus.move(id, 'cancel', staff.caller), { status: 422, body: { code: 'reason_required' } })
    t.match(await campus.move(id, 'reject', staff.caller), {
      status: 400,
      body: { code: 'validation_failed' },
    })
    t.match(await campus.move(id, 'reject', staff.caller, { body: { reason: '   ' } }), { status: 400 })
    t.match(await campus.move(id, 'cancel', customer.caller), {
      status: 200,
      body: { status: 'cancelled', reason: null },
    })
  },
)

t.test('staff of one cafeteria are only customers at another', async (t) => {
  const campus = await startCampusApp(t)
  const elsewhere = await addCafeteria(campus.database.primary, { slotDays: null })
  const { caller } = await addUser(campus.database.primary, {
    memberships: { [elsewhere.id]: 'staff' },
    balanceCents: 10_000,
  })
  const { body } = await campus.place({}, { caller })
  t.match(await campus.move(body.id, 'accept', caller), { status: 403, body: { code: 'move_forbidden' } })
  t.match(await campus.move(body.id, 'cancel', caller), { status: 200 })
})

t.test('If-Match moves only the version that the caller knows', async (t) => {
  const campus = await startCampusApp(t)
  const { staff } = campus.campus
  const { id } = await orderIn(campus, 'placed')
  t.match(await campus.move(id, 'accept', staff.caller, { ifMatch: '"2"' }), {
    status: 412,
    body: { code: 'version_mismatch', version: 1, orderStatus: 'placed' },
  })
  t.match(await campus.move(id, 'accept', staff.caller, { ifMatch: 'two' }), {
    status: 400,
    body: { code: 'validation_failed' },
  })
  t.match(await campus.move(id, 'accept', staff.caller, { ifMatch: '"1"' }), {
    status: 200,
    headers: { etag: '"2"' },
  })
  t.match(await campus.move(id, 'start', staff.caller, { ifMatch: '*' }), { status: 200 })
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
