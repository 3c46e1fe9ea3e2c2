import { type Caller, worksAt } from '@comanda/access'
import type { Database } from '@comanda/database'
import { cafeteriaErrors } from '../cafeterias/cafeterias.errors.ts'
import { findFeed } from './feed.repository.ts'
import type { Feed } from './feed.schema.ts'

/**
 * What happened at a cafeteria after a number of its feed, oldest first.
 * @throws AppError cafeteria_not_found, also for a cafeteria where the caller does not work
 */
export async function readFeed(
  database: Database,
  caller: Caller,
  cafeteriaId: string,
  page: { after: number; limit: number },
): Promise<Feed> {
  const feed = worksAt(caller, cafeteriaId)
    ? await database.read('primary', (db) => findFeed(db, cafeteriaId, page))
    : undefined
  if (!feed) throw cafeteriaErrors.cafeteria_not_found()
  return feed
}
