import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { quantile } from '../../measuring/quantiles.ts'
import type { LoadResult } from '../measuring/sample.ts'

export interface OpenLoopPlan {
  url: string
  /** Sent in turn. */
  requests: { path: string; token: string; body: object }[]
  perSecond: number
  seconds: number
}

export interface OpenLoopReport {
  /** From when each request was due to its answer. */
  milliseconds: number[]
  /** How late the generator itself was at worst; part of the above. */
  lateMilliseconds: number
  refused: number
  firstRefusal: string | null
}

export interface OpenLoop {
  /** Sends requests at a steady rate. @throws when one is refused */
  run: (plan: OpenLoopPlan) => Promise<LoadResult & { lateMilliseconds: number }>
  stop: () => void
}

/** A generator in a process of its own, which stays: a young one is busy compiling itself, on cores that others need. */
export function startOpenLoop(): OpenLoop {
  const child = fork(join(import.meta.dirname, 'open-loop.process.ts'), {
    serialization: 'advanced',
    execArgv: [],
  })
  return {
    async run(plan) {
      child.send(plan)
      const [report] = (await once(child, 'message')) as [OpenLoopReport]
      if (report.refused > 0) throw new Error(`${report.refused} orders were refused: ${report.firstRefusal}`)
      const milliseconds = report.milliseconds.toSorted((a, b) => a - b)
      const at = (share: number) => quantile(milliseconds, share)
      return {
        requests: milliseconds.length,
        seconds: plan.seconds,
        p50: at(0.5),
        p95: at(0.95),
        p99: at(0.99),
        max: at(1),
        lateMilliseconds: report.lateMilliseconds,
      }
    },
    stop: () => child.kill(),
  }
}
