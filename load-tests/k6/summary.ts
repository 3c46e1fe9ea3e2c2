import type { Counted } from '../profiles/device.ts'
import { operations } from '../profiles/operations.ts'
import type { LoadScenario } from '../profiles/scenarios.ts'
import { summaryFiles } from '../summary/files.ts'
import { judge, type Quantiles, type Summary } from '../summary/summary.ts'
import { asText } from '../summary/text.ts'

/** What k6 gives to handleSummary, as far as it is read here. */
export interface K6Data {
  state: { testRunDurationMs: number }
  metrics: Record<string, { values: Record<string, number> } | undefined>
}

/** What k6 has to write: files by path, and what it prints. */
export function summarise(
  data: K6Data,
  scenario: LoadScenario,
  { url, directory }: { url: string; directory: string },
): Record<string, string> {
  const summary = summaryOf(data, scenario, url)
  const verdicts = judge(summary, scenario.objectives)
  const files = Object.entries(summaryFiles(summary, verdicts))
  return {
    stdout: `${asText(summary, verdicts)}\n`,
    ...Object.fromEntries(files.map(([path, content]) => [`${directory}/${path}`, content])),
  }
}

const counted: readonly Counted[] = [
  'orders_placed',
  'orders_declined',
  'sockets_opened',
  'sockets_lost',
  'events_missed',
  'actions_failed',
]

function summaryOf({ state, metrics }: K6Data, scenario: LoadScenario, url: string): Summary {
  const value = (metric: string, name: string) => metrics[metric]?.values[name]
  const quantilesOf = (metric: string): Quantiles => {
    const count = value(metric, 'count') ?? 0
    const at = (name: string) => (count === 0 ? null : (value(metric, name) ?? null))
    return { count, p50: at('med'), p95: at('p(95)'), p99: at('p(99)'), max: at('max') }
  }
  // k6 counts what the metric is named after as a pass.
  const failed = (tag: string) => value(`http_req_failed${tag}`, 'passes') ?? 0
  const called = operations.filter((name) => quantilesOf(`http_req_duration{operation:${name}}`).count > 0)
  const counts = counted.flatMap((name) => {
    const count = value(name, 'count')
    return count === undefined ? [] : [[name, count]]
  })
  return {
    scenario: scenario.name,
    runner: 'k6',
    at: new Date(Date.now() - state.testRunDurationMs).toISOString(),
    url,
    seconds: state.testRunDurationMs / 1000,
    users: Math.max(scenario.users, ...scenario.stages.map(({ users }) => users)),
    requests: value('http_reqs', 'count') ?? 0,
    failed: failed(''),
    skipped: value('dropped_iterations', 'count') ?? 0,
    latenessMilliseconds: null,
    duration: quantilesOf('http_req_duration'),
    operations: Object.fromEntries(
      called.map((name) => {
        const tag = `{operation:${name}}`
        return [name, { ...quantilesOf(`http_req_duration${tag}`), failed: failed(tag) }]
      }),
    ),
    eventDelay: quantilesOf('event_delay'),
    counts: Object.fromEntries(counts) as Summary['counts'],
    problems: [],
  }
}
