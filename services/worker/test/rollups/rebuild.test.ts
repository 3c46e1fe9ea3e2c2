import { rebuildRollups } from '@comanda/database'
import fc from 'fast-check'
import { sql } from 'kysely'
import t from 'tap'
import { insertPosition } from '#src/consumers/event-positions.repository.ts'
import { rollupsConsumer } from '#src/rollups/rollups.consumer.ts'
import { openDatabase } from '../fixture.ts'
import { aggregateFromScratch } from './from-scratch.ts'
import { liveThrough } from './live-through.ts'
import { randomDays } from './random-days.ts'
import { readHistory } from './read-history.ts'
import { readRollups } from './read-rollups.ts'
import { rollUpAll } from './roll-up-all.ts'

t.test('a rebuild beside workers comes to what they come to, and puts right what was wrong', async (t) => {
  const databases = await openDatabase(t)
  const [db, worker] = [databases.owner.primary, databases.database.primary]
  await insertPosition(worker, rollupsConsumer())
  const [before, during] = [fc.sample(randomDays, 3), fc.sample(randomDays, 6)]
  const cafeteriaIds: string[] = []
  const live = async (days: typeof before) => {
    for (const day of days) cafeteriaIds.push(...(await liveThrough(databases, day)))
  }
  const expected = async () => aggregateFromScratch(await readHistory(db, cafeteriaIds))
  await live(before)
  await rollUpAll(worker)
  t.strictSame(await readRollups(db, cafeteriaIds), await expected())
  await sql`update rollup_days set placed = placed + 1, make = '{1}'`.execute(db)
  await sql`delete from rollup_statuses`.execute(db)
  t.notSame(await readRollups(db, cafeteriaIds), await expected(), 'damaged')

  let working = true
  const rebuilds = (async () => {
    let times = 0
    for (; working || times === 0; times += 1) await rebuildRollups(databases.url, { batchSize: 7 })
    return times
  })()
  await live(during).finally(() => (working = false))
  t.comment(`${await rebuilds} rebuilds beside ${during.length} days`)
  await rollUpAll(worker)
  t.strictSame(await readRollups(db, cafeteriaIds), await expected())
})
