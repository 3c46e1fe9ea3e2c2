import type { Stack } from '@comanda/local-stack'
import { processorSeconds } from '../../measuring/process-cost.ts'
import { postgresSeconds } from '../servers/processes.ts'

/** What a load generator saw; latencies in milliseconds. */
export interface LoadResult {
  requests: number
  seconds: number
  p50: number
  p95: number
  p99: number
  max: number
}

/** One run of one contender. */
export interface Sample extends LoadResult {
  perSecond: number
  /** Microseconds of processor time per request; null where it was not measured. */
  serverMicroseconds: number | null
  postgresMicroseconds: number | null
}

/** Runs a load and measures what it cost. */
export async function takeSample<Result extends LoadResult>(
  costs: { serverPid?: number; stack?: Stack },
  load: () => Promise<Result>,
): Promise<Sample & Result> {
  const look = async () => ({
    server: costs.serverPid === undefined ? null : await processorSeconds(costs.serverPid),
    postgres: costs.stack === undefined ? null : postgresSeconds(costs.stack),
  })
  const before = await look()
  const result = await load()
  const after = await look()
  const each = (from: number | null, to: number | null) =>
    from === null || to === null ? null : ((to - from) / result.requests) * 1e6
  return {
    ...result,
    perSecond: result.requests / result.seconds,
    serverMicroseconds: each(before.server, after.server),
    postgresMicroseconds: each(before.postgres, after.postgres),
  }
}
