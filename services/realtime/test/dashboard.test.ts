import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { DashboardChange } from '@comanda/events'
import { sql } from 'kysely'
import t from 'tap'
import { collect, connectToDashboards, openKitchen, startFleet, tokenFor } from './fixture.ts'
import { openDashboardPublisher } from './publishing.ts'

const fleet = await startFleet(t)
const gateway = await fleet.gateway()
const analytics = await fleet.analytics()
await fleet.worker()

const managerOf = (cafeteriaId: string) =>
  tokenFor({ role: 'manager', memberships: { [cafeteriaId]: 'manager' } })
const until = async (reached: () => boolean | Promise<boolean>) => {
  while (!(await reached())) await wait(10)
}
async function readDashboard(cafeteriaId: string) {
  const response = await fetch(`${analytics.url}/v1/analytics/cafeterias/${cafeteriaId}/dashboard`, {
    headers: { authorization: `Bearer ${managerOf(cafeteriaId)}` },
  })
  return (await response.json()) as any
}

t.test('a manager is sent what an order changes, and the dashboard over REST says the same', async (t) => {
  const kitchen = await openKitchen(fleet.database)
  const { cafeteriaId } = kitchen
  // This answer is kept for minutes, unless what happens outdates it.
  await until(async () => (await readDashboard(cafeteriaId)).summary?.placed === 0)
  const board = connectToDashboards(t, gateway.url, managerOf(cafeteriaId))
  const seen = collect<DashboardChange>(board, 'dashboard:updated')
  t.same(await board.emitWithAck('dashboard:subscribe', { cafeteriaId }), { ok: true })
  const strangers = [
    tokenFor(kitchen.customer),
    tokenFor(kitchen.staff),
    managerOf((await openKitchen(fleet.database)).cafeteriaId),
  ].map((token) => connectToDashboards(t, gateway.url, token))
  const overheard = strangers.map((stranger) => collect(stranger, 'dashboard:updated'))
  for (const [index, stranger] of strangers.entries())
    t.same(await stranger.emitWithAck('dashboard:subscribe', { cafeteriaId }), {
      ok: false,
      code: index < 2 ? 'forbidden_role' : 'cafeteria_not_found',
    })

  const startedAt = performance.now()
  const orderId = await kitchen.place()
  await kitchen.move(orderId, 'pending_payment', 'placed')
  await until(() => seen.at(-1)?.summary.placed === 1)
  t.match(seen.at(-1), {
    cafeteriaId,
    summary: { placed: 1, items: 1, grossCents: 6500, salesCents: 6500, averageOrderCents: 6500, visits: 1 },
  })
  t.ok(performance.now() - startedAt < 20_000, 'within seconds')
  await until(async () => (await readDashboard(cafeteriaId)).summary.placed === 1)
  t.ok(performance.now() - startedAt < 100_000, 'before the answer that was kept expires')
  const answer = await readDashboard(cafeteriaId)
  t.same(seen.at(-1)?.summary, answer.summary)
  t.match(
    answer.statuses.find(({ status }: any) => status === 'placed'),
    { orders: 1 },
  )
  t.equal(seen.at(-1)?.day, answer.to)
  t.same(seen.at(-1)?.statuses, answer.statuses)

  for (const stranger of strangers) await stranger.emitWithAck('dashboard:unsubscribe', { cafeteriaId })
  t.same(overheard, [[], [], []], 'nobody else is sent anything')
  await board.emitWithAck('dashboard:unsubscribe', { cafeteriaId })
  const before = seen.length
  const later = connectToDashboards(t, gateway.url, managerOf(cafeteriaId))
  const seenLater = collect<DashboardChange>(later, 'dashboard:updated')
  await later.emitWithAck('dashboard:subscribe', { cafeteriaId })
  await kitchen.move(orderId, 'placed', 'rejected')
  await until(() => seenLater.at(-1)?.summary.rejected === 1)
  t.equal(seen.length, before, 'who has left is sent nothing')
  t.match(seenLater.at(-1), { summary: { lostCents: 6500, salesCents: 0 } })
})

t.test('a burst of orders is one change a second at most, and the last holds them all', async (t) => {
  const kitchen = await openKitchen(fleet.database)
  const { cafeteriaId } = kitchen
  const board = connectToDashboards(t, gateway.url, managerOf(cafeteriaId))
  const seen = collect<DashboardChange>(board, 'dashboard:updated')
  await board.emitWithAck('dashboard:subscribe', { cafeteriaId })
  const startedAt = performance.now()
  let orders = 0
  while (performance.now() - startedAt < 5000) {
    await kitchen.place()
    orders += 1
    await wait(50)
  }
  await until(() => seen.at(-1)?.statuses.some(({ orders: count }) => count === orders) ?? false)
  const seconds = (performance.now() - startedAt) / 1000
  t.ok(seen.length <= seconds + 1, `${seen.length} changes in ${seconds} s for ${orders} orders`)
  t.ok(seen.length > 1)
  const numbers = seen.map(({ number }) => number)
  t.same(
    numbers,
    numbers.toSorted((one, other) => one - other),
  )
})

t.test('a gateway keeps to that pace whatever is published to it', async (t) => {
  const publisher = await openDashboardPublisher(t, fleet.redisPrefix)
  const { cafeteriaId } = await openKitchen(fleet.database)
  const board = connectToDashboards(t, gateway.url, managerOf(cafeteriaId))
  const seen = collect<DashboardChange>(board, 'dashboard:updated')
  await board.emitWithAck('dashboard:subscribe', { cafeteriaId })
  const startedAt = performance.now()
  const publish = (number: number) =>
    publisher.publish({ cafeteriaId, number } as Partial<DashboardChange> as DashboardChange)
  for (let number = 1; number <= 50; number += 1) {
    publish(number)
    await wait(50)
  }
  publish(49)
  await until(() => seen.at(-1)?.number === 50)
  const seconds = (performance.now() - startedAt) / 1000
  t.ok(seen.length <= seconds + 1, `${seen.length} changes in ${seconds} s`)
})

t.test('what does not exist is not found, and a bad message names what is wrong', async (t) => {
  const admin = connectToDashboards(t, gateway.url, tokenFor({ role: 'admin' }))
  const refused = { ok: false, code: 'cafeteria_not_found' }
  t.same(await admin.emitWithAck('dashboard:subscribe', { cafeteriaId: randomUUID() }), refused)
  const { cafeteriaId } = await openKitchen(fleet.database)
  for (const wish of [null, {}, { cafeteriaId, more: 1 }])
    t.match(await admin.emitWithAck('dashboard:subscribe', wish as never), { code: 'validation_failed' })
  await sql`update cafeterias set deleted_at = now() where id = ${cafeteriaId}`.execute(
    fleet.database.primary,
  )
  t.same(await admin.emitWithAck('dashboard:subscribe', { cafeteriaId }), refused)
})

t.test('a gateway may read nothing that dashboards are made of', async (t) => {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relname ~ '^rollup_|^customers$' and relkind = 'r' and has_any_column_privilege('comanda_realtime', oid, 'select')`.execute(
    fleet.database.primary,
  )
  t.same(rows, [])
})
