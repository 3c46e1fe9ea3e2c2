import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'

const directory = join(import.meta.dirname, '../migrations')

// A migration that waits for a lock makes everyone behind it wait too; it had better fail and be tried again.
const limits = `set local lock_timeout = '5s';`

async function readMigrations(): Promise<[name: string, text: string][]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).toSorted()
  return Promise.all(
    files.map(
      async (file): Promise<[string, string]> => [
        file.slice(0, -4),
        await readFile(join(directory, file), 'utf8'),
      ],
    ),
  )
}

/** A digest of all migrations: equal when a migrated database can be reused. */
export async function migrationsDigest(): Promise<string> {
  return createHash('sha256')
    .update(JSON.stringify(await readMigrations()))
    .digest('hex')
}

/**
 * Brings a database to the newest schema, in one transaction and under Kysely's lock, so that two at once are safe and a
 * failure leaves everything as it was.
 * @returns the names of the migrations that were applied now, in order
 * @throws the error of the migration that failed, with its name
 */
export async function migrate(db: Kysely<never>): Promise<string[]> {
  const migrations = await readMigrations()
  const migrator = new Migrator({
    db,
    provider: {
      getMigrations: async () =>
        Object.fromEntries(
          migrations.map(([name, text]): [string, Migration] => [
            name,
            { up: async (tx) => void (await sql.raw(`${limits}\n${text}`).execute(tx)) },
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
