import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { installCommand, programOf } from '../../scripts/charts/go.ts'
import type { TrafficPlan } from './traffic-plan.ts'

const k6 = 'go.k6.io/k6@v1.8.1'

/** Builds k6 from its module, once. */
export const installK6 = () => installCommand(k6)

export interface Acknowledged {
  id: string
  version: number
  /** Index of the customer. */
  customer: number
}

export interface TrafficReport {
  requests: number
  /** The highest median of any quarter of a minute. */
  medianMilliseconds: number
  slowestMilliseconds: number
  /** Orders and reads that were not begun in time, for want of processor time. */
  skipped: number
  /** Requests that failed or were answered otherwise than promised, in sentences. */
  problems: string[]
}

const partSeconds = 15

/**
 * A steady load from now until it is stopped. Whatever was begun comes to its end, which k6 does only when its own time is
 * over: processes of a quarter of a minute follow one another. `onAcknowledged` hears of every order and move as it is answered.
 */
export function startTraffic(
  plan: Omit<TrafficPlan, 'seconds'>,
  onAcknowledged: (order: Acknowledged) => void,
): { stop: () => Promise<TrafficReport> } {
  const parts: Promise<TrafficReport>[] = []
  const begin = () => void parts.push(runK6({ ...plan, seconds: partSeconds }, onAcknowledged))
  begin()
  const next = setInterval(begin, partSeconds * 1000)
  return {
    async stop() {
      clearInterval(next)
      const reports = await Promise.all(parts)
      return {
        requests: reports.reduce((sum, { requests }) => sum + requests, 0),
        medianMilliseconds: Math.max(...reports.map(({ medianMilliseconds }) => medianMilliseconds)),
        slowestMilliseconds: Math.max(...reports.map(({ slowestMilliseconds }) => slowestMilliseconds)),
        skipped: reports.reduce((sum, { skipped }) => sum + skipped, 0),
        problems: reports.flatMap(({ problems }) => problems),
      }
    },
  }
}

/** Never rejects: what went wrong is in the report. */
async function runK6(
  plan: TrafficPlan,
  onAcknowledged: (order: Acknowledged) => void,
): Promise<TrafficReport> {
  const directory = mkdtempSync(join(tmpdir(), 'comanda-k6-'))
  const planFile = join(directory, 'plan.json')
  const summaryFile = join(directory, 'summary.json')
  writeFileSync(planFile, JSON.stringify(plan))
  const script = join(import.meta.dirname, 'traffic.k6.ts')
  const flags = ['--quiet', '--no-usage-report', '--no-color', '--log-format=raw', '--address=']
  const child = spawn(programOf(k6), ['run', ...flags, script], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PLAN: planFile, SUMMARY: summaryFile },
  })
  const problems: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    const [, id, version, customer] = /^acknowledged (\S+) (\d+) (\d+)$/.exec(line) ?? []
    if (id !== undefined) onAcknowledged({ id, version: Number(version), customer: Number(customer) })
    else if (line.trim() !== '') problems.push(line)
  })
  try {
    await once(child, 'close')
    const { metrics } = JSON.parse(readFileSync(summaryFile, 'utf8')) as Summary
    const failed = metrics.http_req_failed.values.passes
    if (failed > 0) problems.push(`${failed} requests failed`)
    return {
      requests: metrics.http_reqs.values.count,
      medianMilliseconds: Math.round(metrics.http_req_duration.values.med),
      slowestMilliseconds: Math.round(metrics.http_req_duration.values.max),
      skipped: metrics.dropped_iterations?.values.count ?? 0,
      problems,
    }
  } catch (error) {
    problems.push(`k6 left no summary: ${String(error)}`)
    return { requests: 0, medianMilliseconds: 0, slowestMilliseconds: 0, skipped: 0, problems }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

interface Summary {
  metrics: {
    http_reqs: { values: { count: number } }
    /** k6 counts what the metric is named after as a pass. */
    http_req_failed: { values: { passes: number } }
    http_req_duration: { values: { med: number; max: number } }
    dropped_iterations?: { values: { count: number } }
  }
}
