import { refTo, type Service } from '@comanda/service'
import { editorOf } from '../audit/editor.ts'
import { CacheInvalidated, CacheInvalidation, CacheStats, cacheSchemas } from './cache.schema.ts'
import { type CacheDependencies, invalidate } from './cache.service.ts'

const tags = ['configuration']

export interface CacheRoutesDependencies extends CacheDependencies {
  enabled: boolean
}

export async function cacheRoutes(
  app: Service,
  { enabled, ...dependencies }: CacheRoutesDependencies,
): Promise<void> {
  for (const schema of cacheSchemas) app.addSchema(schema)

  app.get(
    '/v1/admin/cache',
    {
      schema: {
        operationId: 'getCacheStats',
        summary: 'How the cache of the answering process is doing, since it started',
        tags,
        response: { 200: refTo(CacheStats) },
      },
      config: { access: 'admin' },
    },
    async () => ({ enabled, ...dependencies.cache.stats() }),
  )

  app.post(
    '/v1/admin/cache/invalidations',
    {
      schema: {
        operationId: 'invalidateCache',
        summary: 'Forget cached answers everywhere, by tag, key or pattern',
        description:
          'Edits do this by themselves. It is for what was changed behind the API: after a restored backup, forget `*`.',
        tags,
        body: refTo(CacheInvalidation),
        response: { 200: refTo(CacheInvalidated) },
      },
      config: { access: 'admin', errors: ['database_unavailable'] },
    },
    async (request) => ({ removed: await invalidate(dependencies, editorOf(request), request.body) }),
  )
}
