import type { Database } from '@comanda/database'
import type { Service } from '@comanda/service'
import { registerPeriod } from '../periods/register-period.ts'
import { statusesNumbers } from './statuses.queries.ts'
import { StatusCount, StatusesNumbers } from './statuses.schema.ts'

export function statuses(app: Service, dependencies: { database: Database }): void {
  registerPeriod(app, dependencies, {
    path: 'statuses',
    operationId: 'getOrdersByStatus',
    summary: 'How many orders of some days are in each status now',
    answer: 'OrdersByStatus',
    schemas: [StatusCount],
    numbers: StatusesNumbers,
    select: () => statusesNumbers,
  })
}
