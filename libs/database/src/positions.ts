import { createFollowingPool } from './following-pool.ts'
import type { PoolOptions } from './pool.ts'
import { shareNext } from './share-next.ts'

/** Where the primary is, for those who have just committed. */
export interface Positions {
  /**
   * A position at or after all that was committed before the call, in bytes. One question serves all who call before it is
   * asked. Rejects when the primary does not answer soon: whoever waits has written, and is to be answered.
   */
  read: () => Promise<number>
  /** The primary is there now. */
  moveTo: (url: string) => void
  close: () => Promise<void>
}

const patienceMilliseconds = 500

/**
 * What is durable, not what is merely written: a replica is sent no more, and need not be waited for longer. With a parameter,
 * so that it is prepared.
 */
const question = 'select pg_wal_lsn_diff(pg_current_wal_flush_lsn(), $1)::float8 as position'

/** Over one connection of its own, which stays: a commit must not wait for the pool once more. */
export function createPositions(options: PoolOptions): Positions {
  const patience = Math.min(options.statementMilliseconds, patienceMilliseconds)
  const pool = createFollowingPool({
    ...options,
    min: 1,
    max: 1,
    connectMilliseconds: Math.min(options.connectMilliseconds, patience),
    statementMilliseconds: patience,
    graceMilliseconds: 0,
  })

  async function ask(): Promise<number> {
    const client = await pool.connect()
    try {
      const { rows } = await client.query<{ position: number }>(question, ['0/0'])
      return (rows[0] as { position: number }).position
    } finally {
      client.release()
    }
  }
  return { read: shareNext(ask), moveTo: pool.moveTo, close: pool.cut }
}
