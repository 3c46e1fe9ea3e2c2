import type { Database } from '@comanda/database'
import { cacheTags } from '@comanda/events'
import { refTo, type Service } from '@comanda/service'
import { CafeteriaParams } from '../cafeterias/cafeterias.schema.ts'
import { ConsistencyHeaders, readOptions } from '../consistency/consistency.schema.ts'
import { TopProducts } from './top-products.schema.ts'
import { getTopProducts } from './top-products.service.ts'

export async function topProducts(app: Service, { database }: { database: Database }): Promise<void> {
  app.addSchema(TopProducts)

  app.get(
    '/v1/cafeterias/:cafeteriaId/top-products',
    {
      schema: {
        operationId: 'getTopProducts',
        summary: 'What was ordered most within 28 days, recalculated hourly',
        tags: ['catalogue'],
        params: CafeteriaParams,
        headers: ConsistencyHeaders,
        response: { 200: refTo(TopProducts) },
      },
      config: {
        access: 'public',
        cache: {
          ttl: 'long',
          tags: ({ params: { cafeteriaId = '' } }) => [
            cacheTags.topProducts(cafeteriaId),
            cacheTags.catalogue(cafeteriaId),
            cacheTags.stock(cafeteriaId),
          ],
          empty: true,
        },
        errors: ['cafeteria_not_found', 'database_unavailable'],
      },
    },
    (request) => getTopProducts(database, request.params.cafeteriaId, readOptions(request)),
  )
}
