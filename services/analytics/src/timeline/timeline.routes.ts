import type { Database } from '@comanda/database'
import type { Service } from '@comanda/service'
import { mostDays } from '../periods/period.schema.ts'
import { registerPeriod } from '../periods/register-period.ts'
import { timelineNumbers } from './timeline.queries.ts'
import { Bucket, mostDaysByHour, TimelineNumbers, TimelineQuery } from './timeline.schema.ts'

export function timeline(app: Service, dependencies: { database: Database }): void {
  registerPeriod(app, dependencies, {
    path: 'timeline',
    operationId: 'getTimeline',
    summary: 'Orders and takings by hour, day, week or month',
    answer: 'Timeline',
    schemas: [Bucket],
    numbers: TimelineNumbers,
    querystring: TimelineQuery,
    mostDays: ({ bucket }) => (bucket === 'hour' ? mostDaysByHour : mostDays),
    select: timelineNumbers,
  })
}
