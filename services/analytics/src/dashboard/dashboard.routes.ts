import type { Database } from '@comanda/database'
import type { Service } from '@comanda/service'
import { registerPeriod } from '../periods/register-period.ts'
import { mostDaysByHour } from '../timeline/timeline.schema.ts'
import { dashboardNumbers } from './dashboard.queries.ts'
import { DashboardNumbers, DashboardQuery } from './dashboard.schema.ts'

export function dashboard(app: Service, dependencies: { database: Database }): void {
  registerPeriod(app, dependencies, {
    path: 'dashboard',
    operationId: 'getDashboard',
    summary: 'All that a manager looks at, of a day or up to a month',
    description:
      'Today unless days are given, and the same days last week unless `compare` says otherwise. Days are compared as a whole, also today, which is not over: `hours` says how far the other day had come by the same time.',
    answer: 'Dashboard',
    numbers: DashboardNumbers,
    querystring: DashboardQuery,
    pushed: true,
    mostDays: () => mostDaysByHour,
    select: () => dashboardNumbers,
  })
}
