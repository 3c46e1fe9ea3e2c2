import { seedCampus, seedHistory } from '@comanda/seed'
import { sql } from 'kysely'
import t from 'tap'
import { insertPosition } from '#src/consumers/event-positions.repository.ts'
import { rollUp } from '#src/rollups/rollups.repository.ts'
import { makeEverythingHappen } from '../consumers/everything.ts'
import { openDatabase, openKitchen } from '../fixture.ts'
import { until } from '../worker-process.ts'
import { aggregateFromScratch } from './from-scratch.ts'
import { readHistory } from './read-history.ts'
import { readRollups } from './read-rollups.ts'
import { consumer, rollUpAll } from './roll-up-all.ts'

t.test('whatever happens to orders and their money is in the rollups', async (t) => {
  const { database, owner } = await openDatabase(t)
  const [db, worker] = [owner.primary, database.primary]
  const kitchen = await openKitchen(owner)
  const ids = [kitchen.cafeteriaId]
  await insertPosition(worker, consumer)
  await makeEverythingHappen(owner, kitchen)
  const recalled = await kitchen.place('wallet')
  for (const status of ['accepted', 'preparing', 'ready', 'preparing', 'ready']) {
    const { status: from } = await kitchen.order(recalled.orderId)
    await kitchen.move(recalled.orderId, from, status)
  }
  await sql`update cafeterias set time_zone = 'Pacific/Kiritimati' where id = ${kitchen.cafeteriaId}`.execute(
    db,
  )
  const { orderId } = await kitchen.place('wallet')
  await kitchen.move(orderId, 'placed', 'rejected')
  await rollUpAll(worker)

  const rollups = await readRollups(db, ids)
  t.same(rollups, aggregateFromScratch(await readHistory(db, ids)))
  t.match(sumOf(Object.values(rollups.days)), {
    placed: 6,
    asap: 6,
    items: 6,
    rejected: 2,
    cancelled: 1,
    lostCents: 3 * 6500,
    expired: 1,
    ready: 3,
    kept: 3,
    collected: 1,
    uncollected: 1,
    newCustomers: 1,
  })
  t.match(sumOf(Object.values(rollups.statuses)), { orders: 7 })
})

t.test(
  'what happens around a change of the time zone counts on one day or the other, and not on both',
  async (t) => {
    const { database, owner } = await openDatabase(t)
    const [db, worker] = [owner.primary, database.primary]
    const kitchen = await openKitchen(owner)
    const ids = [kitchen.cafeteriaId]
    await insertPosition(worker, consumer)
    await kitchen.topUp(10_000)
    const { orderId } = await kitchen.place('wallet')
    await kitchen.move(orderId, 'placed', 'accepted')
    await kitchen.move(orderId, 'accepted', 'preparing')
    await rollUpAll(worker)

    const recall = await db.startTransaction().execute()
    await sql`select pg_current_xact_id()`.execute(recall)
    const change = await db.startTransaction().execute()
    await sql`update cafeterias set time_zone = 'Pacific/Kiritimati' where id = ${kitchen.cafeteriaId}`.execute(
      change,
    )
    await kitchen.move(orderId, 'preparing', 'ready')
    await sql`select transition_order(${orderId}, array['ready'], 'preparing', null, 'system')`.execute(
      recall,
    )
    await recall.commit().execute()
    // The recall is final now. It takes back what was ready after the change, of which nobody knows yet.
    t.same(await rollUp(worker, 100), { events: 0, changes: [] })
    await change.commit().execute()
    await rollUpAll(worker)
    const rollups = await readRollups(db, ids)
    t.same(rollups, aggregateFromScratch(await readHistory(db, ids)))
    t.notMatch(JSON.stringify(rollups.days), /ready/)
  },
)

t.test('a history that was made up is rolled up like any other', async (t) => {
  const { database, owner } = await openDatabase(t)
  const [db, worker] = [owner.primary, database.primary]
  await seedCampus(db, { demoAccounts: false, password: '' })
  await seedHistory(db, { orders: 400 })
  await insertPosition(worker, consumer)
  await rollUpAll(worker)
  const cafeterias = await db.selectFrom('cafeterias').select('id').execute()
  const ids = cafeterias.map(({ id }) => id)
  const rollups = await readRollups(db, ids)
  t.strictSame(rollups, aggregateFromScratch(await readHistory(db, ids)))
  t.match(sumOf(Object.values(rollups.statuses)), { orders: 400 })
})

t.test('it says whose days have changed', async (t) => {
  const { database, owner } = await openDatabase(t)
  const [db, worker] = [owner.primary, database.primary]
  const kitchen = await openKitchen(owner)
  await insertPosition(worker, consumer)
  await kitchen.topUp(10_000)
  await rollUpAll(worker)
  t.same(await rollUp(worker, 100), { events: 0, changes: [] })
  await kitchen.place('wallet')
  let rolledUp = await rollUp(worker, 100)
  await until(async () => {
    if (rolledUp.events === 0) rolledUp = await rollUp(worker, 100)
    return rolledUp.events > 0
  })
  const { rows } = await sql<{ day: string }>`
    select day from counted_moves where cafeteria_id = ${kitchen.cafeteriaId}`.execute(db)
  t.same(rolledUp, { events: 1, changes: [{ cafeteriaId: kitchen.cafeteriaId, day: rows[0]?.day }] })
})

function sumOf(rows: Record<string, number>[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const row of rows)
    for (const [name, value] of Object.entries(row)) sums[name] = (sums[name] ?? 0) + value
  return sums
}
