import type { Database } from '@comanda/database'
import { checkBalancesAfter } from '@comanda/payments'
import { type Logger, logTiming, type Metrics } from '@comanda/service'
import type { Job } from '../jobs/job.ts'

const hour = 3600
const day = 24 * hour
const lowestId = '00000000-0000-0000-0000-000000000000'
/** What is checked by one statement: it must end well before a time-out, and lets others in between. */
const rowsPerPart = 5000

/**
 * Proves that the money adds up: all of it daily, and what was ordered, paid and refunded within two days hourly. It reads a replica, part by
 * part, and logs how long each part took. Problems are logged for a person to solve.
 */
export function checkBalancesJobs(options: { database: Database; log: Logger; metrics: Metrics }): Job[] {
  const { database, log } = options
  const problems = options.metrics.gauge({
    name: 'balance_problems',
    help: 'Places where the money did not add up at the last check, at most 100 for each part',
    labels: ['job_name'],
  })

  function job(name: string, everySeconds: number, firstId: () => string): Job {
    let after: string | null = null
    let found = 0
    return {
      name,
      everySeconds,
      async run() {
        if (after === null) found = 0
        const from = after ?? firstId()
        const part = await logTiming(log, name, () =>
          database.read('reports', (db) => checkBalancesAfter(db, from, rowsPerPart)),
        )
        for (const problem of part.problems) log.error(problem, 'the money does not add up')
        found += part.problems.length
        after = part.until
        if (after === null || found > 0) problems.set({ job_name: name }, found)
        return after !== null
      },
    }
  }

  return [
    job('check-balances', day, () => lowestId),
    job('check-recent-balances', hour, () => firstIdAt(Date.now() - 2 * day * 1000)),
  ]
}

/** The lowest id (UUIDv7) that is made at a time, in epoch milliseconds. */
function firstIdAt(time: number): string {
  const digits = time.toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7000-8000-000000000000`
}
