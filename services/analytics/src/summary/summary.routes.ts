import type { Database } from '@comanda/database'
import type { Service } from '@comanda/service'
import { registerPeriod } from '../periods/register-period.ts'
import { summaryNumbers } from './summary.queries.ts'
import { SummaryNumbers } from './summary.schema.ts'

export function summary(app: Service, dependencies: { database: Database }): void {
  registerPeriod(app, dependencies, {
    path: 'summary',
    operationId: 'getSummaryOfCafeteria',
    summary: 'Orders, takings and customers of some days',
    answer: 'SalesSummary',
    schemas: [SummaryNumbers],
    numbers: SummaryNumbers,
    select: () => summaryNumbers,
  })
}
