import { setTimeout as sleep } from 'node:timers/promises'
import {
  createDatabase,
  type Database,
  type DatabaseOptions,
  databaseChecks,
  migrate,
} from '@comanda/database'
import { startTemporaryStack } from '@comanda/local-stack/testing'
import { sql } from 'kysely'
import type { Test } from 'tap'
import { testOptions } from './open-database.ts'

export type Server = Stack['postgres']['primary']
type Stack = Awaited<ReturnType<typeof startTemporaryStack>>

export const urlOf = (...ports: number[]) =>
  `postgres://comanda:comanda@${ports.map((port) => `127.0.0.1:${port}`).join(',')}/comanda`

export async function startServers(t: Test): Promise<{ stack: Stack; servers: [Server, Server, Server] }> {
  const stack = await startTemporaryStack({ postgres: { standbys: 2 } })
  t.teardown(() => stack.stop())
  const servers = [...stack.postgres.servers] as [Server, Server, Server]
  await migrate(stack.primaryUrl)
  for (const standby of stack.postgres.standbys) await stack.postgres.waitForReplay(standby)
  return { stack, servers }
}

export function open(t: Test, overrides: Partial<DatabaseOptions>): Database {
  const database = createDatabase(testOptions('', { statementMilliseconds: 30_000, ...overrides }))
  t.teardown(() => database.close())
  return database
}

export const write = (database: Database, key: string) =>
  sql`insert into settings (key, value) values (${key}, '1')`.execute(database.primary)

export const keysOn = async (server: Server) => {
  const database = createDatabase(testOptions(urlOf(server.port)))
  try {
    const { rows } = await sql<{ key: string }>`select key from settings`.execute(database.primary)
    return new Set(rows.map(({ key }) => key))
  } finally {
    await database.close()
  }
}

/** Writes one key after the other until stopped; knows which were acknowledged, and how the others failed. */
export function keepWriting(database: Database, prefix: string) {
  const acknowledged: { key: string; at: number }[] = []
  const failures: unknown[] = []
  let stopped = false
  async function run(writer: number): Promise<void> {
    for (let number = 0; !stopped; number += 1) {
      const key = `${prefix}-${writer}-${number}`
      await write(database, key).then(
        () => acknowledged.push({ key, at: Date.now() }),
        (error: unknown) => failures.push(error),
      )
      await sleep(5)
    }
  }
  const writers = Promise.all([1, 2, 3, 4].map(run))
  return {
    acknowledged,
    failures,
    /** Resolves with the milliseconds from then until a write is acknowledged. */
    async nextAfter(then: number): Promise<number> {
      const find = () => acknowledged.find(({ at }) => at > then)
      while (find() === undefined) await sleep(5)
      return (find()?.at ?? 0) - then
    },
    async stop(): Promise<void> {
      stopped = true
      await writers
    },
  }
}

export const unavailable = ['database_unavailable 503, again after 2 s']

export const kindsOf = (failures: unknown[]) => {
  const kinds = (failures as { code: string; status: number; retryAfterSeconds: number }[]).map(
    ({ code, status, retryAfterSeconds }) => `${code} ${status}, again after ${retryAfterSeconds} s`,
  )
  return [...new Set(kinds)]
}

export const checksOf = (database: Database) =>
  Promise.all(databaseChecks(database).map(({ check }) => check().catch(() => ({ status: 'unhealthy' }))))
