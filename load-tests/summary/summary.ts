import type { Counted } from '../profiles/device.ts'
import type { Objectives } from '../profiles/scenarios.ts'

/** Milliseconds. NaN is null, for JSON: there was nothing to measure. */
export interface Quantiles {
  count: number
  p50: number | null
  p95: number | null
  p99: number | null
  max: number | null
}

/** What came out of a run, whoever made it. */
export interface Summary {
  scenario: string
  runner: 'k6' | 'node' | 'locust'
  /** When it began, as in 2026-01-31T12:00:00.000Z. */
  at: string
  /** Where it went. */
  url: string
  seconds: number
  /** The most users that there were at once. */
  users: number
  requests: number
  failed: number
  /** Actions that were not begun, because the program that makes the load could not. */
  skipped: number
  /** How late the program itself was with the latest request; null: it does not measure that. */
  latenessMilliseconds: number | null
  duration: Quantiles
  /** By the operation's id in the OpenAPI document, in alphabetical order. */
  operations: Record<string, Quantiles & { failed: number }>
  eventDelay: Quantiles
  counts: Partial<Record<Counted, number>>
  /** The first things that went wrong, in sentences. */
  problems: string[]
}

/** One promise, and whether it was kept. */
export interface Verdict {
  /** As `p95 of requests`. */
  what: string
  measured: number | null
  /** As in `at most 95 ms`. */
  wanted: string
  kept: boolean
  /** Whether the run fails when it is not kept; otherwise it is only printed. */
  decides: boolean
}

/** Whether a run succeeded: everything that decides was kept. */
export const succeeded = (verdicts: readonly Verdict[]): boolean =>
  verdicts.every(({ kept, decides }) => kept || !decides)

/**
 * Compares a run with what must hold. A figure that was not measured does not hold. Whatever the objectives are, no action may have been
 * skipped or have failed: the figures would be those of another load.
 */
export function judge(summary: Summary, objectives: Objectives): Verdict[] {
  const { duration, requests, failed, counts, seconds, eventDelay, skipped } = summary
  const latencyDecides = objectives.latency !== 'printed'
  const verdicts: Verdict[] = []

  function atMost(
    what: string,
    measured: number | null,
    limit: number | undefined,
    unit: string,
    decides = true,
  ): void {
    if (limit === undefined) return
    const kept = measured !== null && measured <= limit
    const wanted = `at most ${rounded(limit)}${unit}`
    verdicts.push({ what, measured: rounded(measured), wanted, kept, decides })
  }
  function atLeast(what: string, measured: number, limit: number | undefined, unit: string): void {
    if (limit === undefined) return
    const wanted = `at least ${rounded(limit)}${unit}`
    verdicts.push({ what, measured: rounded(measured), wanted, kept: measured >= limit, decides: true })
  }

  atMost('p95 of requests', duration.p95, objectives.p95Milliseconds, ' ms', latencyDecides)
  atMost('p99 of requests', duration.p99, objectives.p99Milliseconds, ' ms', latencyDecides)
  const failedPercent = requests === 0 ? null : (failed / requests) * 100
  atMost('failed requests', failedPercent, objectives.errorShare * 100, ' %')
  atLeast('requests per second', requests / seconds, objectives.requestsPerSecond, '')
  atLeast('orders per second', (counts.orders_placed ?? 0) / seconds, objectives.ordersPerSecond, '')
  atMost('p95 of events', eventDelay.p95, objectives.eventP95Milliseconds, ' ms', latencyDecides)
  const faults = (counts.sockets_lost ?? 0) + (counts.events_missed ?? 0)
  atMost('sockets lost and events missed', faults, objectives.socketFaults, '')
  atMost('actions skipped', skipped, 0, '')
  atMost('actions that failed themselves', counts.actions_failed ?? 0, 0, '')
  return verdicts
}

const rounded = (value: number | null): number | null =>
  value === null ? null : Math.round(value * 1000) / 1000
