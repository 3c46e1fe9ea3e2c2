import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { DashboardUpdated } from '@comanda/events'
import { sql } from 'kysely'
import t from 'tap'
import { collect, connect, openKitchen, startFleet, tokenFor } from './fixture.ts'

const fleet = await startFleet(t)
const gateway = await fleet.gateway({ FEED_WATCH_SECONDS: '0.2' })
const db = fleet.database.primary
await fleet.worker()
const timeZone = 'America/Mexico_City'

const managerOf = (cafeteriaId: string) =>
  tokenFor({ role: 'manager', memberships: { [cafeteriaId]: 'manager' } })
const until = async (reached: () => boolean) => {
  while (!reached()) await wait(10)
}
const zeros = {
  pending_payment: 0,
  placed: 0,
  accepted: 0,
  rejected: 0,
  preparing: 0,
  ready: 0,
  collected: 0,
  uncollected: 0,
  expired: 0,
  cancelled: 0,
}
/** Places an order and moves it on; every order is of 6500 cents. */
async function order(kitchen: Awaited<ReturnType<typeof openKitchen>>, ...moves: string[]) {
  const id = await kitchen.place()
  let from = 'pending_payment'
  for (const to of moves) {
    await kitchen.move(id, from, to)
    from = to
  }
  return id
}
const toReady = ['placed', 'accepted', 'preparing', 'ready']

t.test('a manager sees what today came to, in the time of the cafeteria', async (t) => {
  const kitchen = await openKitchen(fleet.database)
  const { cafeteriaId } = kitchen
  const board = connect(t, gateway.url, managerOf(cafeteriaId))
  const read = async () => {
    const answer = await board.emitWithAck('dashboard:subscribe', { cafeteriaId })
    return answer.ok ? answer.dashboard : answer
  }
  const { rows } = await sql<{ today: string }>`
    select (now() at time zone ${timeZone})::date::text as today`.execute(db)
  const nothing = { placedOrders: 0, collectedOrders: 0, revenueCents: 0, averagePreparationSeconds: null }
  t.strictSame(await read(), { date: rows[0]?.today, seq: 0, statuses: zeros, currency: 'MXN', ...nothing })

  await order(kitchen)
  await order(kitchen, 'expired')
  await order(kitchen, 'placed')
  await order(kitchen, 'placed', 'rejected')
  await order(kitchen, 'placed', 'accepted', 'cancelled')
  const ready = await order(kitchen, ...toReady)
  const collected = await order(kitchen, ...toReady, 'collected')
  const uncollected = await order(kitchen, ...toReady, 'uncollected')
  await sql`update orders set ready_at = started_at + seconds * interval '1 second'
    from (values (${ready}::uuid, 90), (${collected}, 30), (${uncollected}, 15)) made (made, seconds)
    where id = made`.execute(db)
  const midnight = sql`date_trunc('day', now() at time zone ${timeZone}) at time zone ${timeZone}`
  await sql`update orders set created_at = ${midnight} where id = ${collected}`.execute(db)
  const yesterday = await order(kitchen, ...toReady, 'collected')
  await sql`update orders set created_at = ${midnight} - interval '1 microsecond' where id = ${yesterday}`.execute(
    db,
  )
  t.match(await read(), {
    statuses: {
      ...zeros,
      pending_payment: 1,
      expired: 1,
      placed: 1,
      rejected: 1,
      cancelled: 1,
      ready: 1,
      collected: 1,
      uncollected: 1,
    },
    placedOrders: 6,
    collectedOrders: 1,
    revenueCents: 4 * 6500,
    averagePreparationSeconds: 45,
  })
})

t.test('whoever watches is sent the newest state, and not for each event', async (t) => {
  const kitchen = await openKitchen(fleet.database)
  const { cafeteriaId } = kitchen
  const boards = [
    connect(t, gateway.url, managerOf(cafeteriaId)),
    connect(t, gateway.url, tokenFor({ role: 'admin' })),
  ] as const
  const seen = boards.map((board) => collect<DashboardUpdated>(board, 'dashboard:updated'))
  for (const board of boards)
    t.match(await board.emitWithAck('dashboard:subscribe', { cafeteriaId }), {
      ok: true,
      dashboard: { placedOrders: 0 },
    })
  const ids = await Promise.all(Array.from({ length: 10 }, () => kitchen.place()))
  await sql`select transition_order(id, array['pending_payment'], 'placed', null, 'system')
    from unnest(${ids}::uuid[]) id`.execute(db)
  await until(() => seen.every((all) => all.at(-1)?.dashboard.placedOrders === 10))
  t.match(seen[0]?.at(-1), { cafeteriaId, dashboard: { statuses: { placed: 10 }, revenueCents: 65_000 } })
  t.ok((seen[0]?.length ?? 0) < 20, 'fewer messages than events')
  t.strictSame(seen[0], seen[1], 'all watch the same')

  t.match(await boards[1].emitWithAck('dashboard:unsubscribe', { cafeteriaId }), { ok: true })
  const before = seen[1]?.length
  await order(kitchen, 'placed')
  await until(() => seen[0]?.at(-1)?.dashboard.placedOrders === 11)
  t.equal(seen[1]?.length, before, 'who has left is sent nothing')
})

t.test('a dashboard is for managers of the cafeteria; for others it is not there', async (t) => {
  const kitchen = await openKitchen(fleet.database)
  const { cafeteriaId } = kitchen
  const others = [tokenFor(kitchen.customer), tokenFor(kitchen.staff), managerOf(randomUUID())]
  const refused = { ok: false, code: 'cafeteria_not_found' }
  for (const token of others)
    t.same(await connect(t, gateway.url, token).emitWithAck('dashboard:subscribe', { cafeteriaId }), refused)
  const admin = connect(t, gateway.url, tokenFor({ role: 'admin' }))
  t.same(await admin.emitWithAck('dashboard:subscribe', { cafeteriaId: randomUUID() }), refused)
  for (const wish of [null, {}, { cafeteriaId, more: 1 }])
    t.match(await admin.emitWithAck('dashboard:subscribe', wish as never), { code: 'validation_failed' })
})
