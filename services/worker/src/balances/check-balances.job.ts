import type { Database } from '@comanda/database'
import { listBalanceProblems } from '@comanda/payments'
import { type Logger, logTiming, type Metrics } from '@comanda/service'
import type { Job } from '../jobs/job.ts'

const day = 86_400

/** Proves daily that the money adds up, on a replica, because it reads everything. Problems are logged for a person to solve. */
export function checkBalancesJob(options: { database: Database; log: Logger; metrics: Metrics }): Job {
  const { database, log } = options
  const problems = options.metrics.gauge({
    name: 'balance_problems',
    help: 'Places where the money did not add up at the last check, at most 100',
  })

  return {
    name: 'check-balances',
    everySeconds: day,
    async run() {
      const read = () => database.read('reports', listBalanceProblems)
      const found = await logTiming(log, 'check-balances', read)
      problems.set(found.length)
      for (const problem of found) log.error(problem, 'the money does not add up')
      return false
    },
  }
}
