import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { insertPosition } from '#src/consumers/event-positions.repository.ts'
import { openDatabase } from '../fixture.ts'
import { aggregateFromScratch } from './from-scratch.ts'
import { type Calamities, liveThrough } from './live-through.ts'
import { randomDays } from './random-days.ts'
import { readHistory } from './read-history.ts'
import { readRollups } from './read-rollups.ts'
import { consumer, rollUpAll } from './roll-up-all.ts'

/** PROPERTY_RUNS=500 looks for rarer faults. */
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 12)

t.test('the rollups of random days are what their orders come to', async (t) => {
  const databases = await openDatabase(t)
  const [db, worker] = [databases.owner.primary, databases.database.primary]
  await insertPosition(worker, consumer)
  const calamities: Calamities = { aborted: 0, killed: 0, held: 0, overtaken: 0, late: 0 }
  await fc.assert(
    fc.asyncProperty(randomDays, async (day) => {
      const cafeteriaIds = await liveThrough(databases, day, calamities)
      await rollUpAll(worker, 1000)
      const expected = aggregateFromScratch(await readHistory(db, cafeteriaIds))
      deepStrictEqual(await readRollups(db, cafeteriaIds), expected)
    }),
    { numRuns },
  )
  for (const [calamity, times] of Object.entries(calamities)) t.ok(times > 0, `${calamity}: ${times}`)
})
