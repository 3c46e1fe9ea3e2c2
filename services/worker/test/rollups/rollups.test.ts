import { sql } from 'kysely'
import t from 'tap'
import { insertPosition } from '#src/consumers/event-positions.repository.ts'
import { rollupsConsumer } from '#src/rollups/rollups.consumer.ts'
import { makeEverythingHappen } from '../consumers/everything.ts'
import { openDatabase, openKitchen } from '../fixture.ts'
import { aggregateFromScratch } from './from-scratch.ts'
import { readHistory } from './read-history.ts'
import { readRollups } from './read-rollups.ts'
import { rollUpAll } from './roll-up-all.ts'

t.test('whatever happens to orders and their money is in the rollups', async (t) => {
  const { owner } = await openDatabase(t)
  const db = owner.primary
  const kitchen = await openKitchen(owner)
  const ids = [kitchen.cafeteriaId]
  await insertPosition(db, rollupsConsumer())
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
  await rollUpAll(db)

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

function sumOf(rows: Record<string, number>[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const row of rows)
    for (const [name, value] of Object.entries(row)) sums[name] = (sums[name] ?? 0) + value
  return sums
}
