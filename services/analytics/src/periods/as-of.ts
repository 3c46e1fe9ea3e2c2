import type { Database } from '@comanda/database'
import { sql } from 'kysely'

/**
 * The moment by which everything that was committed is counted, on the server that runs the statement; null when it is not known, or nothing
 * was ever counted.
 *
 * While there are events that the rollups have not read, it is when the earliest of the next hundred happened: events are in the order of
 * their transactions, which is that of their times but for those that overlapped, and reading a whole backlog would cost as much as the
 * backlog is long. When there are none, the rollups know all that this server knows. That is everything up to the last transaction which it
 * has replayed or, while nothing is written that it could replay, up to when it had last caught up with the primary.
 * @param caughtUpAt in epoch milliseconds, as `caughtUpAt` returns it
 */
export const asOf = (caughtUpAt: number) => sql`(
  select coalesce(
    (
      select min(unread.at) from (
        select e.at from events e where (e.xid, e.id) > (p.xid, p.event_id) order by e.xid, e.id limit 100
      ) unread
    ),
    nullif(greatest(pg_last_xact_replay_timestamp(), least(now(), to_timestamp(${caughtUpAt}::float8 / 1000))), '-infinity')
  )
  from event_positions p where p.consumer = 'rollups'
)`

/**
 * A moment, in epoch milliseconds, up to which each server that may answer shows what was committed: Infinity where the primary answers,
 * -Infinity while it is not known. Replicas of the catalogue answer only where there are no others, and what was known of one that is lost
 * is of long ago.
 */
export function caughtUpAt({ nodes: [, ...replicas] }: Pick<Database, 'nodes'>): number {
  if (replicas.length === 0) return Infinity
  const dedicated = replicas.filter(({ purpose }) => purpose !== 'catalogue')
  const candidates = dedicated.length > 0 ? dedicated : replicas
  const reachable = candidates.filter((replica) => replica.reachable)
  const asked = reachable.length > 0 ? reachable : candidates
  const known = asked.flatMap((replica) => replica.caughtUpAt ?? [])
  return known.length === 0 ? -Infinity : Math.min(...known)
}
