import { createDatabase, type Database, databaseConfig, databaseOptions, migrate } from '@comanda/database'
import { loadConfig } from '@comanda/service'
import { Type } from 'typebox'

/** Migrates an empty database and opens it, without a log. */
export async function openMigratedDatabase(url: string, applicationName: string): Promise<Database> {
  await migrate(url)
  return createDatabase({
    ...databaseOptions(loadConfig(Type.Object(databaseConfig), { DATABASE_URL: url }), applicationName),
    log: { warn: () => {}, info: () => {} },
  })
}
