import type { Database } from '@comanda/database'
import { sql } from 'kysely'

/** A replica may have stopped replaying at any time since its lag was last measured, which is done once a second. */
const probeSeconds = 1

/**
 * The moment by which everything that was committed is counted, on the server that runs the statement; null when nothing was ever counted.
 *
 * While there are events that the rollups have not read, it is when the earliest of the next hundred happened: events are in the order of
 * their transactions, which is that of their times but for those that overlapped, and reading a whole backlog would cost as much as the
 * backlog is long. When there are none, the rollups know all
 * that this server knows. That is everything up to the last transaction which it has replayed or, while nothing is written that it could
 * replay, up to now less its lag.
 * @param lagSeconds how far the replica is behind, as far as is known; null when it is not
 */
export const asOf = (lagSeconds: number | null) => sql`(
  select coalesce(
    (
      select min(unread.at) from (
        select e.at from events e where (e.xid, e.id) > (p.xid, p.event_id) order by e.xid, e.id limit 100
      ) unread
    ),
    greatest(pg_last_xact_replay_timestamp(), now() - make_interval(secs => ${lagSeconds}::float8 + ${probeSeconds}))
  )
  from event_positions p where p.consumer = 'rollups'
)`

/**
 * The most by which a server that may answer is behind, in seconds: 0 where the primary answers, null while none was measured. Replicas
 * of the catalogue answer only where there are no others, and the lag of one that is lost is that of long ago.
 */
export function replicaLagSeconds({ nodes: [, ...replicas] }: Pick<Database, 'nodes'>): number | null {
  if (replicas.length === 0) return 0
  const dedicated = replicas.filter(({ purpose }) => purpose !== 'catalogue')
  const candidates = dedicated.length > 0 ? dedicated : replicas
  const reachable = candidates.filter((replica) => replica.reachable)
  const measured = reachable.length > 0 ? reachable : candidates
  const lags = measured.flatMap(({ lagMilliseconds }) => lagMilliseconds ?? [])
  return lags.length === 0 ? null : Math.max(...lags) / 1000
}
