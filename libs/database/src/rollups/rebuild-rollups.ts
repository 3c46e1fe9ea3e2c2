import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { lockSchema, schemaLock } from '../migrate/schema-connection.ts'
import { withPrimaryClient } from '../nodes/with-primary-client.ts'
import { readSchemaDigest } from './schema-digest.ts'
import { rollUp, trySwap } from './try-swap.ts'

/** Between two attempts at the swap: each may hold up every consumer for a moment, so there are to be few. */
const betweenSwaps = 5000

export interface RebuildOptions {
  /** Called with a line now and then. */
  say?: (line: string) => void
  /** How many events are counted per transaction; 1000 when left out. */
  batchSize?: number
}

/**
 * Counts the whole log again into new rollup tables, and puts them in the place of the present ones. Workers go on with the present ones
 * meanwhile, and wait only for the swap, which is tried again while somebody reads the present tables for long.
 * @param url of the database, as its owner
 * @returns how many events were counted
 * @throws Error when another rebuild is under way, when the schema is migrated meanwhile, and when the database fails; the present rollups
 * are then as they were
 */
export function rebuildRollups(
  url: string,
  { say = () => {}, batchSize = 1000 }: RebuildOptions = {},
): Promise<number> {
  return withPrimaryClient(url, 'comanda-rollups-rebuild', async (client) => {
    const schema = await begin(client, say)
    let counted = await catchUp(client, batchSize, say)
    await analyze(client)
    for (;;) {
      const { events, swapped } = await trySwap(client, batchSize, schema)
      counted += events
      if (swapped) return counted
      if (events < batchSize) await wait(betweenSwaps)
      counted += await catchUp(client, batchSize, say)
    }
  })
}

/** Makes the new tables. Returns the digest of the schema whose tables they are copies of. */
async function begin(client: pg.Client, say: (line: string) => void): Promise<string> {
  const { rows } = await client.query<{ locked: boolean }>(
    `select pg_try_advisory_lock(hashtextextended('comanda rollups rebuild', 0)) as locked`,
  )
  if (!rows[0]?.locked) throw new Error('Another process is rebuilding the rollups of this database.')
  await lockSchema(client, say)
  await client.query('select begin_rollups_rebuild()')
  const schema = await readSchemaDigest(client)
  await client.query(`select pg_advisory_unlock(${schemaLock})`)
  // The functions that write rollups name no schema, so they write the first of the name.
  await client.query('set search_path = rollups_rebuild, public')
  return schema
}

/** Counts batch by batch until one is not full. Returns how many events there were. */
async function catchUp(client: pg.Client, batchSize: number, say: (line: string) => void): Promise<number> {
  let counted = 0
  let said = performance.now()
  for (let events = batchSize; events === batchSize; counted += events) {
    events = await rollUp(client, batchSize)
    if (performance.now() - said < 5000) continue
    said = performance.now()
    say(`${counted} events`)
  }
  return counted
}

/** Gathers what the planner wants to know of the new tables, so that the first who read them are fast too. */
async function analyze(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ tables: string[] }>('select rollup_tables() as tables')
  await client.query(`analyze ${rows[0]?.tables.join(', ')}`)
}
