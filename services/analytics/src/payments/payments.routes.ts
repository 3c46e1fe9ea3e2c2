import type { Database } from '@comanda/database'
import type { Service } from '@comanda/service'
import { registerPeriod } from '../periods/register-period.ts'
import { paymentsNumbers } from './payments.queries.ts'
import { OutcomeCount, PaymentsNumbers } from './payments.schema.ts'

export function payments(app: Service, dependencies: { database: Database }): void {
  registerPeriod(app, dependencies, {
    path: 'payments',
    operationId: 'getPaymentOutcomes',
    summary: 'How payments and refunds went',
    answer: 'PaymentOutcomes',
    schemas: [OutcomeCount, PaymentsNumbers],
    numbers: PaymentsNumbers,
    select: () => paymentsNumbers,
  })
}
