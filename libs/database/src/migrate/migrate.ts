import { type Kysely, sql, type Transaction } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { applyFunctions } from './apply-functions.ts'
import { readVersionedFiles } from './schema-files.ts'

/** What was applied now, in order: names of versioned migrations, then files of functions. */
export interface Migrated {
  migrations: string[]
  functions: string[]
}

/**
 * Brings a database to the newest schema: the missing versioned migrations in order, then the files of functions that have changed.
 * One transaction under a lock, so that two at once are safe and a failure leaves everything as it was.
 * @throws the error of the file that failed, with its name
 */
export async function migrate(db: Kysely<never>): Promise<Migrated> {
  return db.transaction().execute(async (tx) => {
    // Before Kysely's own lock, which it takes only after it has looked for its tables.
    await sql`select pg_advisory_xact_lock(hashtextextended('comanda migrate', 0))`.execute(tx)
    // A migration that waits for a lock makes everyone behind it wait too; it had better fail and be tried again.
    await sql`set local lock_timeout = '5s'`.execute(tx)
    const migrations = await applyMigrations(tx)
    return { migrations, functions: await applyFunctions(tx) }
  })
}

async function applyMigrations(tx: Transaction<never>): Promise<string[]> {
  const files = await readVersionedFiles()
  const migrator = new Migrator({
    db: tx,
    provider: {
      getMigrations: async () =>
        Object.fromEntries(
          files.map(({ name, text }): [string, Migration] => [
            name.replace(/\.sql$/, ''),
            { up: async (tx) => void (await sql.raw(text).execute(tx)) },
          ]),
        ),
    },
  })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error) {
    const failed = results.find((result) => result.status === 'Error')?.migrationName ?? 'the migrations'
    throw new Error(
      `${failed} could not be applied: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
  return results.map((result) => result.migrationName)
}
