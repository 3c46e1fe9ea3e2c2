import type { Database } from '@comanda/database'
import type { Metrics } from '@comanda/service'
import type { Job } from '../jobs/job.ts'
import { countActiveCustomers } from './active-customers.repository.ts'

/** Measures how many customers are active, on a standby. Every worker does, so that the number does not depend on any one of them. */
export function measureActiveCustomersJob({
  database,
  metrics,
}: {
  database: Database
  metrics: Metrics
}): Job {
  const active = metrics.gauge({
    name: 'customers_active',
    help: 'Customers who have placed an order within the window; every worker measures the same number',
    labels: ['window'],
  })

  return {
    name: 'measure-active-customers',
    everySeconds: 60,
    async run() {
      const { fiveMinutes, day } = await database.read('reports', countActiveCustomers)
      active.set({ window: '5m' }, fiveMinutes)
      active.set({ window: '1d' }, day)
      return false
    },
  }
}
