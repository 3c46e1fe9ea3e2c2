/**
 * How many users of a rush one machine holds, fleet and load together: more of them, half a minute each, until p95 passes what the rush
 * promises.
 *
 *   make load-limit
 *
 * USERS     at first (5000)      SECONDS   for each step (30)
 */
import { scenarios } from '../profiles/scenarios.ts'
import { runScenario } from '../runner/run-scenario.ts'
import type { Summary } from '../summary/summary.ts'
import { alignRows } from '../summary/text.ts'
import { findLimit, limitOf } from './find-limit.ts'
import { startOwnFleet } from './own-fleet.ts'
import { positive } from './settings.ts'

const seconds = positive(process.env, 'SECONDS') ?? 30
const from = positive(process.env, 'USERS') ?? 5000
const { p95Milliseconds, errorShare } = scenarios.rush.objectives
/** Accounts; beyond, each stands for several users. */
const customers = 20_000
const tokenSeconds = 7200

const fleet = await startOwnFleet({ customers, tokenSeconds })
try {
  const summaries: Summary[] = []
  // What compiles itself in the first seconds is no limit.
  await runScenario({ ...scenarios.rush, stages: [{ seconds: 15, users: 5000 }] }, fleet.world)
  const steps = await findLimit(from, async (users) => {
    const summary = await runScenario({ ...scenarios.rush, users, stages: [{ seconds, users }] }, fleet.world)
    summaries.push(summary)
    const { duration, failed, requests, skipped } = summary
    console.log(`${users} users: p95 ${Math.round(duration.p95 ?? 0)} ms, ${failed} of ${requests} failed`)
    return (
      (duration.p95 ?? Number.POSITIVE_INFINITY) <= p95Milliseconds &&
      failed <= requests * errorShare &&
      skipped === 0
    )
  })
  const figure = (value: number | null) => (value === null ? '–' : value.toFixed(1))
  const rows = summaries
    .toSorted((one, other) => one.users - other.users)
    .map(({ users, requests, seconds, counts, duration, failed, latenessMilliseconds }) => [
      String(users),
      figure(requests / seconds),
      figure((counts.orders_placed ?? 0) / seconds),
      ...[duration.p50, duration.p95, duration.p99, latenessMilliseconds].map(figure),
      String(failed),
    ])
  const head = ['users', 'requests/s', 'orders/s', 'p50 ms', 'p95 ms', 'p99 ms', 'load late by ms', 'failed']
  console.log(`\n${alignRows([head, ...rows])}\n`)
  console.log(
    `This machine holds ${limitOf(steps)} users, fleet and load together, with a p95 of at most ${p95Milliseconds} ms.`,
  )
} finally {
  await fleet.stop()
}
