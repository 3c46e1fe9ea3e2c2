import { join } from 'node:path'
import type { PostgresSettings } from './postgres/settings.ts'
import type { Say } from './progress.ts'
import { readDescription } from './stack-description.ts'

/** The clone this library lies in. */
export const repositoryRoot = join(import.meta.dirname, '../../..')

export interface StackOptions {
  /** Names the directory below .comanda; two stacks of one clone need different names and ports. */
  name: string
  /** Default: .comanda/<name> of this clone. */
  directory?: string
  /** The primary listens on `port`, its standbys on the following ones. False leaves Postgres out. */
  postgres: { port: number; standbys: number } | false
  /** Six consecutive ports from `port`, and as many from `port + busOffset` for the cluster bus. False leaves Redis out. */
  redis: { port: number; busOffset?: number } | false
  /** The data may be lost with the machine's power: no fsync, less memory. */
  throwaway?: boolean
  /** Further lines of postgresql.conf. */
  settings?: PostgresSettings
  /** Default: prints to the terminal. */
  say?: Say
}

/** The stack of `make up`. Variables: POSTGRES_PORT, REDIS_PORT, REPLICAS. */
export function devStack(env: NodeJS.ProcessEnv = process.env): StackOptions {
  return {
    name: 'dev',
    postgres: { port: whole(env, 'POSTGRES_PORT', 5440), standbys: whole(env, 'REPLICAS', 1) },
    redis: { port: whole(env, 'REDIS_PORT', 7000) },
  }
}

/** The stack of `make test`, on the ports of last time unless asked. Variables: TEST_POSTGRES_PORT, TEST_REDIS_PORT. */
export function testStack(env: NodeJS.ProcessEnv = process.env): StackOptions {
  const last = readDescription(join(repositoryRoot, '.comanda/test'))
  return {
    name: 'test',
    postgres: { port: whole(env, 'TEST_POSTGRES_PORT', last?.postgres?.ports[0] ?? 5460), standbys: 1 },
    redis: { port: whole(env, 'TEST_REDIS_PORT', last?.redis?.ports[0] ?? 7100) },
    throwaway: true,
  }
}

function whole(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const text = env[name]
  if (text === undefined || text === '') return otherwise
  if (!/^\d{1,5}$/.test(text)) throw new Error(`${name} must be a whole number, not "${text}".`)
  return Number(text)
}
