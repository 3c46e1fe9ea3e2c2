import type { RouteCache } from '@comanda/cache/responses'
import type { Database } from '@comanda/database'
import { cacheTags } from '@comanda/events'
import { callerOf, refTo, type Service } from '@comanda/service'
import { CustomerSummary, customerSchemas, ListRecentOrders, RecentOrders } from './customers.schema.ts'
import { getRecentOrders, getSummary } from './customers.service.ts'

const tags = ['orders']
/** The customer's orders, and whether what they ordered can be ordered again, anywhere. */
const ownTags: RouteCache['tags'] = ({ caller }) => [
  cacheTags.customer(caller?.userId ?? ''),
  cacheTags.everyCatalogue,
  cacheTags.everyAvailability,
]

/** What customers often read about their own orders. */
export async function customers(app: Service, { database }: { database: Database }): Promise<void> {
  for (const schema of customerSchemas) app.addSchema(schema)

  app.get(
    '/v1/me/summary',
    {
      schema: {
        operationId: 'getSummary',
        summary: 'Orders under way, what was spent, and favourite products: the first screen of a phone',
        tags,
        response: { 200: refTo(CustomerSummary) },
      },
      config: {
        access: 'authenticated',
        cache: { ttl: 'short', tags: ownTags },
        errors: ['database_unavailable'],
      },
    },
    (request) => getSummary(database, callerOf(request)),
  )

  app.get(
    '/v1/me/recent-orders',
    {
      schema: {
        operationId: 'listRecentOrders',
        summary: 'The caller’s orders, newest first',
        description: 'Without their payments; `GET /v1/orders` has all of them with everything.',
        tags,
        querystring: ListRecentOrders,
        response: { 200: refTo(RecentOrders) },
      },
      config: {
        access: 'authenticated',
        cache: { ttl: 60, tags: ownTags, empty: true },
        errors: ['invalid_cursor', 'database_unavailable'],
      },
    },
    (request) => getRecentOrders(database, callerOf(request), request.query),
  )
}
