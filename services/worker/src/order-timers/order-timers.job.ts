import type { Database } from '@comanda/database'
import type { CatalogueChanges } from '@comanda/events/catalogue'
import type { Logger, Metrics } from '@comanda/service'
import type { Job } from '../jobs/job.ts'
import { runOrderTimer } from './order-timers.repository.ts'

/** How many orders are moved at once, and in one batch. Each is a transaction of its own, so that locks stay short. */
const concurrency = 4
const batchSize = 200

/** Moves orders on that nobody moved in time: unpaid ones expire, unanswered ones are rejected, and so on. */
export function orderTimersJob(options: {
  database: Database
  log: Logger
  metrics: Metrics
  everySeconds: number
  changes: Pick<CatalogueChanges, 'stockChanged'>
  /** Called after an order was moved. */
  wake: () => void
}): Job {
  const { database, changes, log } = options
  const moves = options.metrics.counter({
    name: 'order_timer_moves_total',
    help: 'Orders that were moved because their time was up, by the status they came to',
    labels: ['to'],
  })

  return {
    name: 'order-timers',
    everySeconds: options.everySeconds,
    async run(signal) {
      let left = batchSize
      async function drain(): Promise<void> {
        while (left > 0 && !signal.aborted) {
          left -= 1
          const move = await runOrderTimer(database.primary)
          if (!move) return
          if (move.problem) log.error(move, 'an order could not be moved on')
          if (move.to) {
            moves.inc({ to: move.to })
            options.wake()
            await changes.stockChanged(move.cafeteriaId, move.stockChange)
          }
        }
      }
      await Promise.all(Array.from({ length: concurrency }, drain))
      return left === 0
    },
  }
}
