import { rebuildRollups } from '@comanda/database'
import { sql } from 'kysely'
import t from 'tap'
import { insertPosition } from '#src/consumers/event-positions.repository.ts'
import { openDatabase } from '../fixture.ts'
import { aggregateFromScratch } from './from-scratch.ts'
import { liveThrough } from './live-through.ts'
import type { RandomDays } from './random-days.ts'
import { readHistory } from './read-history.ts'
import { readRollups } from './read-rollups.ts'
import { consumer, rollUpAll } from './roll-up-all.ts'
import { sampleDays } from './sample-days.ts'

t.test('a rebuild beside workers comes to what they come to, and puts right what was wrong', async (t) => {
  const databases = await openDatabase(t)
  const [db, worker] = [databases.owner.primary, databases.database.primary]
  await insertPosition(worker, consumer)
  const { origin, days } = sampleDays()
  t.comment(origin)
  const [before, during] = [3, 6].map((length) => Array.from({ length }, () => days.next().value)) as [
    RandomDays[],
    RandomDays[],
  ]
  const cafeteriaIds: string[] = []
  const live = async (some: RandomDays[]) => {
    for (const day of some) cafeteriaIds.push(...(await liveThrough(databases, day)))
  }
  const expected = async () => aggregateFromScratch(await readHistory(db, cafeteriaIds))
  await live(before)
  await rollUpAll(worker)
  t.strictSame(await readRollups(db, cafeteriaIds), await expected(), origin)
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
  t.strictSame(await readRollups(db, cafeteriaIds), await expected(), origin)
})
