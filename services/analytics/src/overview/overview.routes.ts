import type { Database } from '@comanda/database'
import { cacheTags } from '@comanda/events'
import { callerOf, refTo, type Service } from '@comanda/service'
import { admitManagerOfAll } from '../access/admit.ts'
import { Overview, OverviewQuery, overviewSchemas } from './overview.schema.ts'
import { answerOverview } from './overview.service.ts'

export function overview(app: Service, { database }: { database: Database }): void {
  for (const schema of overviewSchemas) app.addSchema(schema)
  app.get(
    '/v1/analytics/dashboard',
    {
      schema: {
        operationId: 'getOverview',
        summary: 'The main numbers of several cafeterias side by side',
        description:
          'Answers for the cafeterias that are named, each of which the caller must manage, or for all that the caller manages.',
        tags: ['analytics'],
        querystring: OverviewQuery,
        response: { 200: refTo(Overview) },
      },
      config: {
        access: 'manager',
        limit: 'analytics',
        cache: {
          ttl: 'short',
          admit: admitManagerOfAll,
          tags: () => [cacheTags.everyAnalytics],
          // What is answered to whoever names nothing is their own, and is not kept.
          key: ({ url, query }) => (query.cafeteriaIds === undefined ? undefined : url),
        },
        errors: ['cafeteria_not_found', 'database_unavailable'],
      },
    },
    async (request) => {
      const { answer, changesAt } = await answerOverview(database, callerOf(request), request.query)
      request.changesAt = changesAt
      return answer
    },
  )
}
