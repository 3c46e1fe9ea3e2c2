import { type Caller, worksAt } from '@comanda/access'
import type { Database, ReadOptions } from '@comanda/database'
import { cafeteriaErrors } from '../cafeterias/cafeterias.errors.ts'
import { feedErrors } from './feed.errors.ts'
import { findFeed } from './feed.repository.ts'
import type { Feed } from './feed.schema.ts'

/**
 * Reads what happened at a cafeteria after a number of its feed, oldest first; without one, all that is kept.
 * @throws AppError cafeteria_not_found, also for a cafeteria where the caller does not work, feed_expired
 */
export async function readFeed(
  database: Database,
  caller: Caller,
  cafeteriaId: string,
  { after, limit }: { after?: number | undefined; limit: number },
  { need, ...options }: ReadOptions & { need: 'primary' | 'catalogue' },
): Promise<Feed> {
  const feed = worksAt(caller, cafeteriaId)
    ? await database.find(need, (db) => findFeed(db, cafeteriaId, { after: after ?? 0, limit }), options)
    : undefined
  if (!feed) throw cafeteriaErrors.cafeteria_not_found()
  const { oldest } = feed
  if (after !== undefined && after < oldest - 1)
    throw feedErrors.feed_expired(`The oldest number that is kept is ${oldest}.`, { extra: { oldest } })
  return feed
}
