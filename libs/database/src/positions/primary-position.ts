import { createFollowingPool } from '../connections/following-pool.ts'
import type { PoolOptions } from '../connections/pool.ts'
import { coalesce } from './coalesce.ts'

/** Reads the position of the primary for requests that have just committed. */
export interface PrimaryPosition {
  /**
   * Resolves to a position at or after all that was committed before the call, in bytes of WAL. Concurrent calls share one statement.
   * Rejects when the primary does not answer within 500 ms, because a request that has written waits for it.
   */
  read: () => Promise<number>
  /** Follows the primary to another URL. */
  moveTo: (url: string) => void
  close: () => Promise<void>
}

const timeoutMilliseconds = 500

/**
 * Reads the flushed position, and not the written one: a replica is sent no more than that, so waiting for more would take longer. The
 * statement has a parameter so that it is prepared.
 */
const statement = 'select pg_wal_lsn_diff(pg_current_wal_flush_lsn(), $1)::float8 as position'

/** Keeps one connection of its own open, so that a request that has committed does not wait for the pool a second time. */
export function createPrimaryPosition(options: PoolOptions): PrimaryPosition {
  const timeout = Math.min(options.statementMilliseconds, timeoutMilliseconds)
  const pool = createFollowingPool({
    ...options,
    min: 1,
    max: 1,
    connectMilliseconds: Math.min(options.connectMilliseconds, timeout),
    statementMilliseconds: timeout,
    graceMilliseconds: 0,
  })

  async function readPosition(): Promise<number> {
    const client = await pool.connect()
    try {
      const { rows } = await client.query<{ position: number }>(statement, ['0/0'])
      return (rows[0] as { position: number }).position
    } finally {
      client.release()
    }
  }
  return { read: coalesce(readPosition), moveTo: pool.moveTo, close: pool.cut }
}
