import type { PostgresPoolClient } from 'kysely'
import { createPool, type PoolOptions } from './pool.ts'

/** What a server says of itself. */
export interface Sighting {
  inRecovery: boolean
  /** Grows with every promotion; null in recovery, where it is not told. */
  timeline: number | null
  /** What a primary has made durable, or a replica has replayed, in bytes of WAL since the beginning of time. */
  position: number
  /** Milliseconds since what a replica replayed last was committed, by both their clocks; null for a primary. */
  silence: number | null
}

export interface Lookout {
  url: string
  /**
   * Asks the server over a connection of its own, so that a full pool does not look like a lost server. Calls while one
   * is under way share its answer.
   */
  look: () => Promise<Sighting>
  close: () => Promise<void>
}

const patienceMilliseconds = 2000
/** An address may be given to another server while connections to the old one live on. */
const lifetimeSeconds = 10

const question = `select pg_is_in_recovery() as "inRecovery",
  case when not pg_is_in_recovery() then ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int end as timeline,
  pg_wal_lsn_diff(
    case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_flush_lsn() end, '0/0')::float8 as position,
  case when pg_is_in_recovery() then
    extract(epoch from now() - pg_last_xact_replay_timestamp())::float8 * 1000 end as silence`

/** Asks a server over a connection to it. */
export async function sight(client: Pick<PostgresPoolClient, 'query'>): Promise<Sighting> {
  const { rows } = await client.query<Sighting>(question, [])
  return rows[0] as Sighting
}

/** @param options.expectsWrites whether a server in recovery is the wrong one, so that the next look connects anew */
export function createLookout(options: PoolOptions & { expectsWrites: boolean }): Lookout {
  const patience = Math.min(options.statementMilliseconds, patienceMilliseconds)
  const pool = createPool({
    ...options,
    min: 0,
    max: 1,
    idleMilliseconds: 1000 * lifetimeSeconds,
    connectMilliseconds: Math.min(options.connectMilliseconds, patienceMilliseconds),
    statementMilliseconds: patience,
    graceMilliseconds: 0,
    lifetimeSeconds,
    onStatement: () => {},
    // Whoever looks sees it anyway.
    onUnavailable: () => {},
  })
  let looking: Promise<Sighting> | null = null

  async function ask(): Promise<Sighting> {
    const client = await pool.connect()
    let misplaced = false
    try {
      const sighting = await sight(client)
      misplaced = options.expectsWrites && sighting.inRecovery
      return sighting
    } finally {
      client.release(misplaced)
    }
  }

  return {
    url: options.url,
    look() {
      looking ??= ask().finally(() => {
        looking = null
      })
      return looking
    },
    close: () => pool.cut(),
  }
}
