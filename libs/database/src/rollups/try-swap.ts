import type pg from 'pg'
import { inTransaction, schemaLock } from '../migrate/schema-connection.ts'
import { readSchemaDigest } from './schema-digest.ts'

/** Counts the next events into the new tables, at most `batchSize`. Returns how many there were, as `roll_up` does. */
export async function rollUp(client: pg.Client, batchSize: number): Promise<number> {
  const { rows } = await client.query<{ events: number }>(
    `select events from roll_up($1, 'rollups-rebuild')`,
    [batchSize],
  )
  return rows[0]?.events ?? 0
}

/** What an attempt did: how many events it counted, and whether the new tables are in place. */
export interface SwapAttempt {
  events: number
  swapped: boolean
}

const notYet: SwapAttempt = { events: 0, swapped: false }
/** SQLSTATEs of an attempt that met somebody who reads the present tables: lock_not_available and deadlock_detected. */
const inTheWay = new Set(['55P03', '40P01'])

/**
 * Counts the next batch and, when that was the last, puts the new tables in the place of the present ones in the same transaction.
 * @param schema the digest of the schema of which the new tables are copies
 * @throws Error when the schema has another digest by now: the present tables may have columns that the new ones lack
 */
export async function trySwap(client: pg.Client, batchSize: number, schema: string): Promise<SwapAttempt> {
  try {
    return await inTransaction(client, async () => {
      // Workers that find this lock taken do nothing, as beside another worker (claim_position).
      await client.query(`select pg_advisory_xact_lock(hashtextextended('comanda consumer rollups', 0))`)
      if (await isMigrating(client)) return notYet
      if ((await readSchemaDigest(client)) !== schema)
        throw new Error('The schema was migrated during the rebuild. Run it again.')
      // Whoever reads the present tables keeps them locked. From here on this transaction writes, and no consumer reads what happens after
      // the oldest transaction that writes, so it does not wait for them as long as it did for the position.
      await client.query(`set local lock_timeout = '200ms'`)
      const events = await rollUp(client, batchSize)
      // After a full batch there is more, which has transactions of its own for the same reason.
      return { events, swapped: events < batchSize && (await swap(client)) }
    })
  } catch (error) {
    if (inTheWay.has((error as pg.DatabaseError).code ?? '')) return notYet
    throw error
  }
}

async function isMigrating(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    `select pg_try_advisory_xact_lock(${schemaLock}) as locked`,
  )
  return !rows[0]?.locked
}

async function swap(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ swapped: boolean }>('select swap_rollups() as swapped')
  return rows[0]?.swapped ?? false
}
