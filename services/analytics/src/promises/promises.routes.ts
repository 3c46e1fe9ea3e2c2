import type { Database } from '@comanda/database'
import type { Service } from '@comanda/service'
import { registerPeriod } from '../periods/register-period.ts'
import { promisesNumbers } from './promises.queries.ts'
import { PromisesNumbers } from './promises.schema.ts'

export function promises(app: Service, dependencies: { database: Database }): void {
  registerPeriod(app, dependencies, {
    path: 'promises',
    operationId: 'getKeptPromises',
    summary: 'How often orders were ready when promised, and how far they were from it',
    answer: 'KeptPromises',
    schemas: [PromisesNumbers],
    numbers: PromisesNumbers,
    select: () => promisesNumbers,
  })
}
