import fc from 'fast-check'
import t from 'tap'
import { listConsumerLags } from '#src/consumers/event-positions.repository.ts'
import { openDatabase, startSandbox } from '../fixture.ts'
import { startWorker, until } from '../worker-process.ts'
import { aggregateFromScratch } from './from-scratch.ts'
import { liveThrough } from './live-through.ts'
import { randomDays } from './random-days.ts'
import { readHistory } from './read-history.ts'
import { readRollups } from './read-rollups.ts'

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

  const days = fc.sample(randomDays, 12)
  const cafeteriaIds: string[] = []
  let living = true
  const lives = (async () => {
    for (const day of days) {
      // Nobody but the workers rolls up.
      const alone = { ...day, lives: day.lives.map((life) => ({ ...life, acts: life.acts.map(idle) })) }
      cafeteriaIds.push(...(await liveThrough(databases, alone)))
    }
  })().finally(() => (living = false))
  // It is awaited below.
  lives.catch(() => {})
  let killed = 0
  while (living || killed === 0) {
    const worker = await startWorker(t, url, sandbox.url)
    const before = await position()
    await until(async () => !living || (await position()) > before)
    t.match(await worker.stop('SIGKILL'), { signal: 'SIGKILL' })
    killed += 1
  }
  await lives
  const last = await startWorker(t, url, sandbox.url)
  await until(async () => !(await isBehind()))
  t.comment(`${killed} workers killed`)
  t.strictSame(await readRollups(db, cafeteriaIds), aggregateFromScratch(await readHistory(db, cafeteriaIds)))
  await until(async () => {
    const metrics = await (await fetch(`${last.metricsUrl}/metrics`)).text()
    return /^event_consumer_lag_seconds\{consumer="rollups"\} 0$/m.test(metrics)
  })
})

const idle = <A extends object>(act: A) => ({ ...act, what: 'nothing' as const })
