import { startLoop } from '@comanda/loops'
import type { HealthCheck, Logger, Metrics } from '@comanda/service'
import type { Job } from './job.ts'

/** A failed job is tried again in 1, 2, 4 and then every 5 seconds: a lost database is noticed as soon as it is back. */
const longestRetrySeconds = 5

export interface RunningJobs {
  /** A health check that is degraded while a job fails. */
  check: HealthCheck
  /** Resolves when the batches in flight are finished. */
  stop: () => Promise<void>
}

/** Runs every job in a loop of its own until it is stopped. A failing job is logged once, and once more when it recovers. */
export function runJobs(
  jobs: readonly Job[],
  { log, metrics }: { log: Logger; metrics: Metrics },
): RunningJobs {
  const failing = new Set<string>()
  const duration = metrics.histogram({
    name: 'job_duration_seconds',
    help: 'Time of one batch of a job',
    labels: ['job_name'],
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 30, 120],
  })
  const failures = metrics.counter({
    name: 'job_failures_total',
    help: 'Batches of a job that failed',
    labels: ['job_name'],
  })

  const loops = jobs.map((job) =>
    startLoop({
      intervalMilliseconds: job.everySeconds * 1000,
      jitter: 0.1,
      wait: job.wait,
      backOffMilliseconds: (failed) => 1000 * Math.min(longestRetrySeconds, 2 ** (failed - 1)),
      keepsProcessAlive: true,
      async run(signal) {
        const observed = duration.startTimer({ job_name: job.name })
        try {
          return (await job.run(signal)) ? 0 : undefined
        } finally {
          observed()
        }
      },
      onFailure(err, failed) {
        failures.inc({ job_name: job.name })
        if (failed === 1) log.error({ err, job: job.name }, 'job failed')
        failing.add(job.name)
      },
      onRecovery() {
        failing.delete(job.name)
        log.info({ job: job.name }, 'job recovered')
      },
    }),
  )
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
      await Promise.all(loops.map((loop) => loop.stop()))
    },
  }
}
