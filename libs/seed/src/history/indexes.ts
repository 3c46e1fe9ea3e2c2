import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

/** The tables that get rows for every order. Their unique indexes stay: what keeps the books right is never off. */
const tables = ['orders', 'events', 'payments', 'entries']

/** Remembers the indexes that are missing, so that the next run makes them when this one is killed. */
const remembered = 'seed_dropped_indexes'

/**
 * Runs work without the indexes that only make reading faster, and makes them anew afterwards, also when the work fails: sorting all rows
 * once is several times faster than finding the place of each one.
 */
export async function withoutIndexes(connection: Kysely<Schema>, work: () => Promise<void>): Promise<void> {
  await dropIndexes(connection)
  try {
    await work()
  } finally {
    await restoreIndexes(connection)
  }
}

/** Drops the indexes that are there, beside those that a run which was killed has left out. */
async function dropIndexes(connection: Kysely<Schema>): Promise<void> {
  await connection.transaction().execute(async (tx) => {
    await sql`create table if not exists ${sql.table(remembered)} (name text primary key, definition text not null)`.execute(
      tx,
    )
    await sql`insert into ${sql.table(remembered)} (name, definition)
      select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
      from pg_index i
      where i.indrelid in (select to_regclass(name) from unnest(${tables}::text[]) name) and not i.indisunique
      on conflict do nothing`.execute(tx)
    for (const { name } of await listRemembered(tx))
      await sql`drop index if exists ${sql.id(name)}`.execute(tx)
  })
}

/** Makes the indexes that a run has dropped; nothing when none are missing. */
export async function restoreIndexes(connection: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{
    missing: boolean
  }>`select to_regclass(${remembered}) is not null as missing`.execute(connection)
  if (!rows[0]?.missing) return
  for (const { definition } of await listRemembered(connection)) {
    await connection.transaction().execute(async (tx) => {
      await sql`select set_config('statement_timeout', '0', true), set_config('maintenance_work_mem', '512MB', true)`.execute(
        tx,
      )
      await sql.raw(definition.replace(/^CREATE INDEX /, 'CREATE INDEX IF NOT EXISTS ')).execute(tx)
    })
  }
  await sql`drop table ${sql.table(remembered)}`.execute(connection)
}

async function listRemembered(db: Kysely<Schema>): Promise<{ name: string; definition: string }[]> {
  const { rows } = await sql<{ name: string; definition: string }>`
    select name, definition from ${sql.table(remembered)} order by name`.execute(db)
  return rows
}
