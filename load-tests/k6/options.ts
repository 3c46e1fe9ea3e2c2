import type { Options, Scenario, Threshold } from 'k6/options'
import { operations } from '../profiles/operations.ts'
import { durationSeconds, isCrowd, type LoadScenario } from '../profiles/scenarios.ts'

/** How long an action may take before more virtual users are made, of which each takes 3 MB. */
const actionSeconds = { normal: 2, heavy: 2, sockets: 25 }
/** So many times as many may be made before actions are dropped, which k6 reports. */
const mostTimes = 10
/** For what was begun to come to its end. */
const gracefulStop = '60s'

/** k6's options for a scenario: its executor, and its objectives as thresholds, which fail the run. */
export function optionsOf(scenario: LoadScenario): Options {
  return {
    scenarios: { [scenario.name]: isCrowd(scenario) ? crowd(scenario) : group(scenario) },
    thresholds: thresholdsOf(scenario),
    summaryTrendStats: ['count', 'med', 'p(95)', 'p(99)', 'max'],
  }
}

/** A few users, who wait for an answer before they pause. */
function group(scenario: LoadScenario): Scenario {
  const { users } = scenario
  const duration = `${Math.round(durationSeconds(scenario))}s`
  return { executor: 'constant-vus', exec: 'act', vus: users, duration, gracefulStop }
}

/** As many arrivals within one think time as there are users. */
function crowd({ users, thinkSeconds, stages, mix }: LoadScenario): Scenario {
  const most = Math.max(users, ...stages.map((stage) => stage.users))
  const longest = Math.max(...mix.map(({ profile }) => actionSeconds[profile]))
  const virtualUsers = Math.ceil((most / thinkSeconds) * longest)
  return {
    executor: 'ramping-arrival-rate',
    exec: 'act',
    startRate: users,
    timeUnit: `${thinkSeconds * 1000}ms`,
    stages: stages.map((stage) => ({ duration: `${Math.round(stage.seconds)}s`, target: stage.users })),
    preAllocatedVUs: virtualUsers,
    maxVUs: virtualUsers * mostTimes,
    gracefulStop,
  }
}

/** A threshold that always holds has k6 report on what it names. */
const reported = { http_req_duration: ['max>=0'], http_req_failed: ['rate<=1'] }

function thresholdsOf({ objectives }: LoadScenario): Record<string, Threshold[]> {
  const { p95Milliseconds, p99Milliseconds, errorShare, requestsPerSecond, ordersPerSecond } = objectives
  const { eventP95Milliseconds, socketFaults, latency } = objectives
  const decides = latency !== 'printed'
  const atMost = (what: string, limit: number | undefined) =>
    limit === undefined ? [] : [`${what}<=${limit}`]
  const atLeast = (what: string, limit: number | undefined) =>
    limit === undefined ? [] : [`${what}>=${limit}`]
  const all: Record<string, Threshold[]> = {
    http_req_duration: decides
      ? [...atMost('p(95)', p95Milliseconds), ...atMost('p(99)', p99Milliseconds)]
      : [],
    http_req_failed: atMost('rate', errorShare),
    http_reqs: atLeast('rate', requestsPerSecond),
    orders_placed: atLeast('rate', ordersPerSecond),
    event_delay: decides ? atMost('p(95)', eventP95Milliseconds) : [],
    sockets_lost: atMost('count', socketFaults),
    events_missed: atMost('count', socketFaults),
    dropped_iterations: atMost('count', 0),
    actions_failed: atMost('count', 0),
  }
  for (const operation of operations)
    for (const [metric, thresholds] of Object.entries(reported))
      all[`${metric}{operation:${operation}}`] = thresholds
  return Object.fromEntries(Object.entries(all).filter(([, thresholds]) => thresholds.length > 0))
}
