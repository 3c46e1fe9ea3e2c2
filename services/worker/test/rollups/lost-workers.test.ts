import t from 'tap'
import { listConsumerLags } from '#src/consumers/event-positions.repository.ts'
import { openDatabase, startSandbox } from '../fixture.ts'
import { startWorker, until } from '../worker-process.ts'
import { aggregateFromScratch } from './from-scratch.ts'
import { liveThrough } from './live-through.ts'
import { readHistory } from './read-history.ts'
import { readRollups } from './read-rollups.ts'
import { sampleDays } from './sample-days.ts'

/** How many workers are killed, each after it has rolled up something. */
const wanted = 3

t.test('workers that are killed while they roll up count nothing twice and leave nothing out', async (t) => {
  const databases = await openDatabase(t)
  const { url } = databases
  const db = databases.owner.primary
  const sandbox = await startSandbox(t)
  const position = async () => {
    const [row] = await db
      .selectFrom('eventPositions')
      .select('eventId')
      .where('consumer', '=', 'rollups')
      .execute()
    return row?.eventId ?? 0
  }
  const isBehind = async () => {
    const [lag] = await listConsumerLags(db, ['rollups'])
    return lag?.events !== 0
  }

  const cafeteriaIds: string[] = []
  const { origin, days } = sampleDays()
  t.comment(origin)
  let killed = 0
  const living = (async () => {
    while (killed < wanted) {
      const day = days.next().value
      // Nobody but the workers rolls up.
      const alone = { ...day, lives: day.lives.map((life) => ({ ...life, acts: life.acts.map(idle) })) }
      cafeteriaIds.push(...(await liveThrough(databases, alone)))
    }
  })()
  // It is awaited below.
  living.catch(() => {})
  while (killed < wanted) {
    const worker = await startWorker(t, url, sandbox.url)
    const before = await position()
    // The days go on until then, unless one of them fails.
    await Promise.race([living, until(async () => (await position()) > before)])
    t.match(await worker.stop('SIGKILL'), { signal: 'SIGKILL' })
    killed += 1
  }
  await living
  const last = await startWorker(t, url, sandbox.url)
  await until(async () => !(await isBehind()))
  const expected = aggregateFromScratch(await readHistory(db, cafeteriaIds))
  t.strictSame(await readRollups(db, cafeteriaIds), expected, origin)
  await until(async () => {
    const metrics = await (await fetch(`${last.metricsUrl}/metrics`)).text()
    return /^event_consumer_lag_seconds\{consumer="rollups"\} 0$/m.test(metrics)
  })
})

const idle = <A extends object>(act: A) => ({ ...act, what: 'nothing' as const })
