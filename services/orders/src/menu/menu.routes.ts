import type { Database } from '@comanda/database'
import { cacheTags } from '@comanda/events'
import { refTo, type Service } from '@comanda/service'
import { CafeteriaParams } from '../cafeterias/cafeterias.schema.ts'
import { ConsistencyHeaders, readOptions } from '../consistency/consistency.schema.ts'
import { Menu, MenuQuery, menuSchemas } from './menu.schema.ts'
import { getMenu } from './menu.service.ts'

export async function menu(app: Service, { database }: { database: Database }): Promise<void> {
  for (const schema of menuSchemas) app.addSchema(schema)

  app.get(
    '/v1/cafeterias/:cafeteriaId/menu',
    {
      schema: {
        operationId: 'getMenu',
        summary: 'What is served: categories, products, and what to choose from',
        tags: ['catalogue'],
        params: CafeteriaParams,
        querystring: MenuQuery,
        headers: ConsistencyHeaders,
        response: { 200: refTo(Menu) },
      },
      config: {
        access: 'public',
        cache: {
          ttl: 'day',
          tags: ({ params: { cafeteriaId = '' } }) => [
            cacheTags.catalogue(cafeteriaId),
            cacheTags.stock(cafeteriaId),
          ],
          // Only the menu of now is cached: hardly anybody asks twice for the same other moment.
          key: ({ params, query }) => (query.at === undefined ? params.cafeteriaId : undefined),
        },
        errors: ['cafeteria_not_found', 'database_unavailable'],
      },
    },
    async (request) => {
      const { params, query } = request
      const { changesAt, ...menu } = await getMenu(
        database,
        params.cafeteriaId,
        query.at,
        readOptions(request),
      )
      request.changesAt = changesAt
      return menu
    },
  )
}
