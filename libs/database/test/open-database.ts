import { createDatabase, type Database, type DatabaseOptions, type Statement } from '@comanda/database'
import { cloneTestDatabase } from '@comanda/local-stack/testing'
import type { Test } from 'tap'

export const silent = { warn: () => {}, info: () => {} }

/** The options of a small pool on one server, for tests. */
export function testOptions(url: string, overrides: Partial<DatabaseOptions> = {}): DatabaseOptions {
  return {
    url,
    replicas: [],
    applicationName: 'database-test',
    min: 0,
    max: 10,
    idleMilliseconds: 1000,
    // A busy machine is slow: tests of time-outs ask for shorter ones.
    connectMilliseconds: 20_000,
    statementMilliseconds: 20_000,
    idleInTransactionMilliseconds: 60_000,
    maximumLagMilliseconds: 60_000,
    log: silent,
    ...overrides,
  }
}

/** A migrated database of the test's own, and every statement that was sent to it except the watcher's. */
export async function openDatabase(
  t: Test,
  overrides: Partial<DatabaseOptions> = {},
): Promise<{ database: Database; statements: Statement[] }> {
  const clone = await cloneTestDatabase()
  const statements: Statement[] = []
  const onStatement = (statement: Statement) => {
    if (!statement.text.includes('pg_is_in_recovery')) statements.push(statement)
  }
  const database = createDatabase(testOptions(clone.url, { onStatement, ...overrides }))
  t.teardown(async () => {
    await database.close()
    await clone.drop()
  })
  return { database, statements }
}
