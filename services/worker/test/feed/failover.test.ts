import { randomUUID } from 'node:crypto'
import t from 'tap'
import { openDatabase, startSandbox } from '../fixture.ts'
import { startWorker, until } from '../worker-process.ts'
import { soundFeed, summariseFeed, writeLives } from './writers.ts'

t.test('the feed is whole when workers are killed at it, one after the other', async (t) => {
  const { owner, url } = await openDatabase(t, { poolMax: 25 })
  const sandbox = await startSandbox(t)
  const start = () => startWorker(t, url, sandbox.url)
  const [first, second] = await Promise.all([start(), start()])

  let writing = true
  let events = 0
  const cafeteriaIds = [randomUUID(), randomUUID()]
  const writes = async () => {
    while (writing) {
      await writeLives(owner, { cafeteriaIds, writers: 20, orders: 40 })
      events += 200
    }
  }
  const written = writes()
  const numbered = async () => (await summariseFeed(owner)).numbered
  /** Waits until numbers are being given again. */
  const isGoingOn = async () => {
    const before = await numbered()
    await until(async () => (await numbered()) > before)
  }
  await isGoingOn()
  t.match(await first.stop('SIGKILL'), { signal: 'SIGKILL' })
  await isGoingOn()
  const third = await start()
  t.match(await second.stop('SIGKILL'), { signal: 'SIGKILL' })
  await isGoingOn()
  writing = false
  await written

  await until(async () => (await numbered()) === events)
  t.strictSame(await summariseFeed(owner), soundFeed(events))
  await until(async () => {
    const metrics = await (await fetch(`${third.metricsUrl}/metrics`)).text()
    return /^feed_lag_seconds 0$/m.test(metrics) && /^events_sequenced_total [1-9]/m.test(metrics)
  })
  t.match(await third.stop('SIGTERM'), { code: 0 })
})
