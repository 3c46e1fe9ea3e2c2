import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { installCommand, programOf } from '../../scripts/charts/go.ts'
import type { Kitchen } from '../realtime/orders.ts'

const k6 = 'go.k6.io/k6@v1.8.1'

/** Builds k6 from its module, once. */
export const installK6 = () => installCommand(k6)

export interface TrafficPlan {
  url: string
  /** A token each. */
  customers: readonly string[]
  kitchens: readonly Kitchen[]
  ordersPerSecond: number
  readsPerSecond: number
}

export interface K6Report {
  requests: number
  /** Requests that failed or were answered otherwise than promised. */
  failed: number
  /** In milliseconds. */
  median: number
  slowest: number
  /** What was answered wrongly, in words. */
  wrong: string[]
}

export interface K6 {
  stop: () => Promise<K6Report>
}

/** Begins at once, and goes on until it is stopped. `onAcknowledged` hears of every order and move as it is answered. */
export function startK6(
  plan: TrafficPlan,
  onAcknowledged: (order: { id: string; version: number; customer: number }) => void,
): K6 {
  const directory = mkdtempSync(join(tmpdir(), 'comanda-k6-'))
  const planFile = join(directory, 'plan.json')
  const summaryFile = join(directory, 'summary.json')
  writeFileSync(planFile, JSON.stringify(plan))
  const script = join(import.meta.dirname, 'traffic.k6.js')
  const args = [
    'run',
    '--quiet',
    '--no-usage-report',
    '--no-color',
    '--log-format=raw',
    '--address=',
    `--summary-export=${summaryFile}`,
    script,
  ]
  const child = spawn(programOf(k6), args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PLAN: planFile },
  })
  const wrong: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    const [, id, version, customer] = /^acknowledged (\S+) (\d+) (\d+)$/.exec(line) ?? []
    if (id !== undefined) onAcknowledged({ id, version: Number(version), customer: Number(customer) })
    else if (!line.includes('test run was aborted') && line.trim() !== '') wrong.push(line)
  })
  return {
    async stop() {
      if (child.exitCode === null) {
        child.kill('SIGINT')
        await once(child, 'close')
      }
      try {
        const { metrics } = JSON.parse(readFileSync(summaryFile, 'utf8')) as { metrics: Metrics }
        return {
          requests: metrics.http_reqs.count,
          // k6 counts what the metric is named after as a pass.
          failed: Math.max(metrics.http_req_failed.passes, metrics.wrong_answers?.count ?? 0),
          median: Math.round(metrics.http_req_duration.med),
          slowest: Math.round(metrics.http_req_duration.max),
          wrong,
        }
      } catch (error) {
        throw new Error(`k6 left no summary: ${wrong.join('\n')}`, { cause: error })
      } finally {
        rmSync(directory, { recursive: true, force: true })
      }
    },
  }
}

interface Metrics {
  http_reqs: { count: number }
  http_req_failed: { passes: number }
  http_req_duration: { med: number; max: number }
  wrong_answers?: { count: number }
}
