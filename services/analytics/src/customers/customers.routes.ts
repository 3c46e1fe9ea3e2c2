import type { Database } from '@comanda/database'
import type { Service } from '@comanda/service'
import { registerPeriod } from '../periods/register-period.ts'
import { customersNumbers } from './customers.queries.ts'
import { CustomersNumbers } from './customers.schema.ts'

export function customers(app: Service, dependencies: { database: Database }): void {
  registerPeriod(app, dependencies, {
    path: 'customers',
    operationId: 'getNewAndReturningCustomers',
    summary: 'Who came for the first time, and who came back',
    answer: 'NewAndReturningCustomers',
    schemas: [CustomersNumbers],
    numbers: CustomersNumbers,
    select: () => customersNumbers,
  })
}
