import { createDatabase, type Database, databaseConfig, databaseOptions, migrate } from '@comanda/database'
import { loadConfig } from '@comanda/service'
import { Type } from 'typebox'

/** Migrates an empty database and opens it, without a log. @param statementMilliseconds the longest time for one statement; as services have it when left out */
export async function openMigratedDatabase(
  url: string,
  applicationName: string,
  statementMilliseconds?: number,
): Promise<Database> {
  await migrate(url)
  return createDatabase({
    ...databaseOptions(loadConfig(Type.Object(databaseConfig), { DATABASE_URL: url }), applicationName),
    ...(statementMilliseconds === undefined ? {} : { statementMilliseconds }),
    log: { warn: () => {}, info: () => {} },
  })
}
