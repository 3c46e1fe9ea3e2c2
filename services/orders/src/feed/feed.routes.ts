import type { Database } from '@comanda/database'
import { callerOf, refTo, type Service } from '@comanda/service'
import { CafeteriaParams } from '../cafeterias/cafeterias.schema.ts'
import { Feed, feedSchemas, ListFeed } from './feed.schema.ts'
import { readFeed } from './feed.service.ts'

export async function feed(app: Service, { database }: { database: Database }): Promise<void> {
  for (const schema of feedSchemas) app.addSchema(schema)

  app.get(
    '/v1/cafeterias/:cafeteriaId/feed',
    {
      schema: {
        operationId: 'getFeed',
        summary: 'What happened at a cafeteria after a number of its feed, in order and without gaps',
        description:
          'An event appears here a moment after it happened, and keeps its number for ever; an order’s events come in the order of their versions. Whoever holds number n asks with `after=n` and misses nothing.',
        tags: ['orders'],
        params: CafeteriaParams,
        querystring: ListFeed,
        response: { 200: refTo(Feed) },
      },
      config: { access: 'staff', errors: ['cafeteria_not_found', 'database_unavailable'] },
    },
    (request) => readFeed(database, callerOf(request), request.params.cafeteriaId, request.query),
  )
}
