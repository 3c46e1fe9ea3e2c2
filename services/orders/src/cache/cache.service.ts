import type { Cache } from '@comanda/cache'
import type { Database } from '@comanda/database'
import { insertAuditEntry } from '../audit/audit.repository.ts'
import type { Editor } from '../audit/editor.ts'
import type { CacheInvalidation } from './cache.schema.ts'

export interface CacheDependencies {
  cache: Cache
  database: Database
}

/**
 * Invalidates answers in all processes; the next requests load them anew. The audit entry is written first, so nothing is invalidated
 * that could not be recorded.
 * @returns how many keys matched the pattern in Redis
 */
export async function invalidate(
  { cache, database }: CacheDependencies,
  editor: Editor,
  invalidation: CacheInvalidation,
): Promise<number> {
  const { tags = [], keys = [], pattern } = invalidation
  await database.primary.transaction().execute((tx) =>
    insertAuditEntry(tx, editor, {
      action: 'cache.invalidate',
      subjectType: 'cache',
      subjectId: 'answers',
      cafeteriaId: null,
      before: null,
      after: invalidation,
    }),
  )
  await cache.invalidateTags(tags, { after: await database.position() })
  for (const key of keys) await cache.delete(key)
  return pattern === undefined ? 0 : cache.invalidatePattern(pattern)
}
