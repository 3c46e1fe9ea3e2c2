import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { findPrimaryUrl } from '../nodes/find-primary.ts'

const applicationName = 'comanda-rollups-rebuild'

export interface RebuildOptions {
  /** Called with a line now and then. */
  say?: (line: string) => void
  /** How many events are counted per transaction; 1000 when left out. */
  batchSize?: number
}

/**
 * Counts the whole log again into new rollup tables, and puts them in the place of the present ones. Workers go on with the present ones
 * meanwhile, and wait only for the swap.
 * @param url of the database, as its owner
 * @returns how many events were counted
 * @throws Error when another rebuild is under way, and when the database fails; the present rollups are then as they were
 */
export async function rebuildRollups(
  url: string,
  { say = () => {}, batchSize = 1000 }: RebuildOptions = {},
): Promise<number> {
  const client = new pg.Client({
    connectionString: await findPrimaryUrl(url, applicationName),
    application_name: applicationName,
  })
  // A connection that breaks fails its statement too; the event would end the process.
  client.on('error', () => {})
  await client.connect()
  try {
    await begin(client)
    let counted = 0
    let said = performance.now()
    for (let events = batchSize; events === batchSize; counted += events) {
      events = await rollUp(client, batchSize)
      if (performance.now() - said < 5000) continue
      said = performance.now()
      say(`${counted} events`)
    }
    await analyze(client)
    for (;;) {
      const rest = await swap(client, batchSize)
      if (rest !== null) return counted + rest
      await wait(100)
    }
  } finally {
    await client.end().catch(() => {})
  }
}

async function begin(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ locked: boolean }>(
    `select pg_try_advisory_lock(hashtextextended('comanda rollups rebuild', 0)) as locked`,
  )
  if (!rows[0]?.locked) throw new Error('Another process is rebuilding the rollups of this database.')
  await client.query('select begin_rollups_rebuild()')
  // The functions that write rollups name no schema, so they write the first of the name.
  await client.query('set search_path = rollups_rebuild, public')
}

async function rollUp(client: pg.Client, batchSize: number): Promise<number> {
  const { rows } = await client.query<{ events: number }>(
    `select events from roll_up($1, 'rollups-rebuild')`,
    [batchSize],
  )
  return rows[0]?.events ?? 0
}

/** Gathers what the planner wants to know of the new tables, so that the first who read them are fast too. */
async function analyze(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ tables: string[] }>('select rollup_tables() as tables')
  await client.query(`analyze ${rows[0]?.tables.join(', ')}`)
}

/** Counts the rest and swaps, in one transaction. Returns how many events the rest was, or null when it has to be tried again. */
async function swap(client: pg.Client, batchSize: number): Promise<number | null> {
  await client.query('begin')
  try {
    // Whoever reads the old tables keeps them locked, and whoever waits for that lock makes everyone behind it wait too.
    await client.query(`set local lock_timeout = '5s'`)
    // Workers that find this lock taken do nothing, as beside another worker (claim_position).
    await client.query(`select pg_advisory_xact_lock(hashtextextended('comanda consumer rollups', 0))`)
    let counted = 0
    for (let events = batchSize; events === batchSize; counted += events) {
      events = await rollUp(client, batchSize)
    }
    const { rows } = await client.query<{ swapped: boolean }>('select swap_rollups() as swapped')
    await client.query(rows[0]?.swapped ? 'commit' : 'rollback')
    return rows[0]?.swapped ? counted : null
  } catch (error) {
    await client.query('rollback').catch(() => {})
    if ((error as pg.DatabaseError).code === lockNotAvailable) return null
    throw error
  }
}

const lockNotAvailable = '55P03'
