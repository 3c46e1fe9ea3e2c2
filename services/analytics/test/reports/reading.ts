import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createDatabase, databaseConfig, databaseOptions, type Schema } from '@comanda/database'
import { createLogger, loadConfig } from '@comanda/service'
import { type Kysely, sql } from 'kysely'
import type { Test } from 'tap'
import { Type } from 'typebox'
import { configSchema } from '#src/config.ts'
import type { TestApp } from '../app.ts'

/** Asks a listening app for a file and resolves when it has begun to come; it is not read on until `rest` is called. */
export async function beginReading({ app, as }: TestApp, url: string, userId: string = crypto.randomUUID()) {
  if (app.server.address() === null) await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const request = get({
    port,
    path: url,
    agent: false,
    headers: as({ userId, role: 'admin' }),
  })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  let text = ''
  return {
    status: response.statusCode,
    /** Reads all that comes, and whether the answer came to its end. */
    async rest() {
      const closed = new Promise((resolve) => response.once('close', resolve))
      // What is cut off is an error to the response; `isWhole` says so.
      response
        .setEncoding('utf8')
        .on('error', () => {})
        .on('data', (chunk: string) => (text += chunk))
      await closed
      return { text, isWhole: response.complete }
    },
    leave: () => request.destroy(),
  }
}

/** Opens a pool of its own to a database, for what must not meet the service's. */
export async function openPool(t: Test, url: string, name: string): Promise<Kysely<Schema>> {
  const env = { NODE_ENV: 'test', LOG_LEVEL: 'silent', DATABASE_URL: url, DATABASE_POOL_MIN: '0' }
  const log = await createLogger({ name, config: loadConfig(configSchema, env) })
  const database = createDatabase({
    ...databaseOptions(loadConfig(Type.Object(databaseConfig), env), name),
    log,
  })
  t.teardown(() => database.close())
  return database.primary
}

/** What the service's statements at a server are doing. */
export async function listStatements(db: Kysely<Schema>): Promise<{ pid: number; waits: boolean }[]> {
  const { rows } = await sql<{ pid: number; waits: boolean }>`
    select pid, coalesce(wait_event_type = 'Lock', false) as waits from pg_stat_activity
    where datname = current_database() and application_name = 'analytics-test' and state = 'active'
      and query like '%set_config%'`.execute(db)
  return rows
}

/** Polls until something is true. @throws when it is not within a time */
export async function until(isTrue: () => Promise<boolean>, milliseconds: number): Promise<void> {
  const deadline = Date.now() + milliseconds
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`it was not true within ${milliseconds} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Sends all that was written so far to replicas, of transactions that are not committed too: a commit takes along what came before it. */
export const flush = (owner: Kysely<Schema>) =>
  sql`select pg_logical_emit_message(true, 'test', 'flush')`.execute(owner)

/** Locks a table at the primary, and resolves when its replica holds the lock too: what reads it there waits until the lock is rolled back. */
export async function lockTable(owner: Kysely<Schema>, replica: Kysely<Schema>, table: string) {
  const lock = await owner.startTransaction().execute()
  await sql`lock table ${sql.table(table)} in access exclusive mode`.execute(lock)
  await flush(owner)
  const held = sql<{ held: boolean }>`select exists (
    select from pg_locks where mode = 'AccessExclusiveLock' and relation = ${table}::regclass) as held`
  await until(async () => (await held.execute(replica)).rows[0]?.held === true, 60_000)
  return lock
}
