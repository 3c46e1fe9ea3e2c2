import type { Database } from '@comanda/database'
import type { Service } from '@comanda/service'
import { registerPeriod } from '../periods/register-period.ts'
import { visitsNumbers } from './visits.queries.ts'
import { DayOfVisits, VisitsNumbers } from './visits.schema.ts'

export function visits(app: Service, dependencies: { database: Database }): void {
  registerPeriod(app, dependencies, {
    path: 'sessions',
    operationId: 'getVisits',
    summary: 'How often customers came, in all and day by day',
    answer: 'Visits',
    schemas: [DayOfVisits],
    numbers: VisitsNumbers,
    ttl: 60,
    select: () => visitsNumbers,
  })
}
