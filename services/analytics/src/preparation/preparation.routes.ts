import type { Database } from '@comanda/database'
import type { Service } from '@comanda/service'
import { registerPeriod } from '../periods/register-period.ts'
import { preparationNumbers } from './preparation.queries.ts'
import { PreparationNumbers } from './preparation.schema.ts'

export function preparation(app: Service, dependencies: { database: Database }): void {
  registerPeriod(app, dependencies, {
    path: 'preparation',
    operationId: 'getPreparationTimes',
    summary: 'How long the kitchen took',
    answer: 'PreparationTimes',
    schemas: [PreparationNumbers],
    numbers: PreparationNumbers,
    select: () => preparationNumbers,
  })
}
