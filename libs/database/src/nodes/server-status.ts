import type { PostgresPoolClient } from 'kysely'

/** What a server reports about itself. */
export interface ServerStatus {
  inRecovery: boolean
  /** Incremented by every promotion; null in recovery, where Postgres does not report it. */
  timeline: number | null
  /** What a primary has flushed, or a replica has replayed, in bytes of WAL. */
  position: number
  /** When it was asked, by its own clock, in epoch milliseconds. */
  clock: number
  /** Milliseconds since the commit of the last transaction that a replica replayed, by both their clocks; null for a primary. */
  replayAgeMilliseconds: number | null
}

const statement = `select pg_is_in_recovery() as "inRecovery",
  case when not pg_is_in_recovery() then ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int end as timeline,
  pg_wal_lsn_diff(
    case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_flush_lsn() end, '0/0')::float8 as position,
  extract(epoch from now())::float8 * 1000 as clock,
  case when pg_is_in_recovery() then
    extract(epoch from now() - pg_last_xact_replay_timestamp())::float8 * 1000 end as "replayAgeMilliseconds"`

/** Reads the status of the server that a connection leads to. */
export async function readServerStatus(client: Pick<PostgresPoolClient, 'query'>): Promise<ServerStatus> {
  const { rows } = await client.query<ServerStatus>(statement, [])
  return rows[0] as ServerStatus
}
