import { createDatabase, type Database, type DatabaseOptions } from './database.ts'

/**
 * Opens a database by its URL alone, for programs and tests that are no service: no replicas, no log, up to 4 connections, and a minute
 * for each wait and statement, unless `options` say otherwise. The caller closes it.
 * @param applicationName the name under which Postgres lists its sessions
 */
export function openPlainDatabase(
  url: string,
  applicationName: string,
  options: Partial<Omit<DatabaseOptions, 'url' | 'applicationName'>> = {},
): Database {
  return createDatabase({
    url,
    applicationName,
    replicas: [],
    min: 0,
    max: 4,
    idleMilliseconds: 10_000,
    connectMilliseconds: 60_000,
    statementMilliseconds: 60_000,
    idleInTransactionMilliseconds: 60_000,
    maximumLagMilliseconds: 5000,
    log: { info: () => {}, warn: () => {} },
    ...options,
  })
}
