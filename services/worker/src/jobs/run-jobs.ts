import { setTimeout as wait } from 'node:timers/promises'
import type { HealthCheck, Logger, Metrics } from '@comanda/service'
import type { Job } from './job.ts'

/** A failed job is tried again in 1, 2, 4 and then every 5 seconds: a lost database is noticed as soon as it is back. */
const longestRetrySeconds = 5

export interface RunningJobs {
  /** Degraded while a job fails. */
  check: HealthCheck
  /** Resolves when the batches under way are finished. */
  stop: () => Promise<void>
}

/** Runs every job in a loop of its own until it is stopped. A failing job is logged once, and once more when it recovers. */
export function runJobs(
  jobs: readonly Job[],
  { log, metrics }: { log: Logger; metrics: Metrics },
): RunningJobs {
  const stopping = new AbortController()
  const { signal } = stopping
  const failing = new Set<string>()
  const duration = metrics.histogram({
    name: 'job_duration_seconds',
    help: 'Time of one batch of a job',
    labels: ['job'],
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120],
  })
  const failures = metrics.counter({
    name: 'job_failures_total',
    help: 'Batches of a job that failed',
    labels: ['job'],
  })

  async function runOnce(job: Job): Promise<boolean> {
    const observed = duration.startTimer({ job: job.name })
    try {
      const more = await job.run(signal)
      if (failing.delete(job.name)) log.info({ job: job.name }, 'job recovered')
      return more
    } catch (err) {
      failures.inc({ job: job.name })
      if (!failing.has(job.name)) log.error({ err, job: job.name }, 'job failed')
      failing.add(job.name)
      throw err
    } finally {
      observed()
    }
  }

  async function loop(job: Job): Promise<void> {
    let failed = 0
    while (!signal.aborted) {
      try {
        const more = await runOnce(job)
        failed = 0
        if (more) continue
        await (job.wait?.(signal) ?? pause(job.everySeconds, signal))
      } catch {
        await pause(Math.min(longestRetrySeconds, 2 ** failed), signal)
        failed += 1
      }
    }
  }

  const loops = jobs.map(loop)
  return {
    check: {
      name: 'jobs',
      needed: 'degraded',
      check: async () => ({
        status: failing.size === 0 ? 'healthy' : 'degraded',
        details: { failing: [...failing] },
      }),
    },
    async stop() {
      stopping.abort()
      await Promise.all(loops)
    },
  }
}

/** A tenth more or less, so that workers started together do not stay in step. Ends early when the signal aborts. */
async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  await wait(seconds * 1000 * (0.9 + Math.random() * 0.2), undefined, { signal }).catch(() => {})
}
