import {
  createDatabase,
  type Database,
  databaseOptions,
  type Schema,
  type Statement,
} from '@comanda/database'
import {
  asService,
  cloneTestDatabase,
  patientEnvironment,
  type TestDatabase,
  testRedisNodes,
} from '@comanda/local-stack/testing'
import {
  createLogger,
  createMetrics,
  createRedis,
  createRedisSubscriber,
  loadConfig,
  type Service,
} from '@comanda/service'
import { closeServiceDependencies } from '@comanda/service/dependencies'
import { createTestCalls, isPoll, type TestCalls } from '@comanda/service/testing'
import { type Kysely, sql } from 'kysely'
import type { Test } from 'tap'
import { buildApp } from '#src/app.ts'
import { configSchema } from '#src/config.ts'
import { rollUpAll } from './roll-up-all.ts'

export interface TestApp extends TestCalls {
  app: Service
  /** As the service has it: it reads the standby. */
  database: Database
  /** The primary as its owner has it, for fixtures. */
  owner: Kysely<Schema>
  /** Counts all that has happened on the primary, and waits until the standby knows it. */
  rollUp: () => Promise<void>
  /** The statements that were sent to Postgres since the last `statements.length = 0`, without polls. */
  statements: Statement[]
}

/** A database with a standby, as its owner reaches it; `drop` is called when all is closed. */
export type OwnDatabase = Pick<TestDatabase, 'url' | 'replicaUrl' | 'drop'>

/** Starts the analytics API over the standby of a database of its own; both are closed at the end of the test. */
export async function startTestApp(
  t: Test,
  env: Record<string, string> = {},
  own?: OwnDatabase,
): Promise<TestApp> {
  const clone = own ?? (await cloneTestDatabase())
  const config = loadConfig(configSchema, {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    RATE_LIMITS: 'off',
    CACHE: 'off',
    ...patientEnvironment,
    DATABASE_URL: asService(clone.url, 'analytics'),
    DATABASE_REPLICA_URLS: ['analytics', 'reports']
      .map((purpose) => `${purpose}=${asService(clone.replicaUrl, 'analytics')}`)
      .join(),
    DATABASE_POOL_MIN: '0',
    DATABASE_POOL_MAX: '10',
    REDIS_NODES: testRedisNodes(),
    ...env,
  })
  const log = await createLogger({ name: 'analytics', config })
  const statements: Statement[] = []
  const database = createDatabase({
    ...databaseOptions(config, 'analytics-test'),
    log,
    onStatement: (statement) => {
      if (!isPoll(statement)) statements.push(statement)
    },
  })
  const owner = createDatabase({
    ...databaseOptions({ ...config, DATABASE_URL: clone.url, DATABASE_REPLICA_URLS: '' }, 'analytics-owner'),
    log,
  })
  const dependencies = {
    config,
    log,
    metrics: createMetrics(),
    database,
    redis: createRedis(config, log),
    subscriber: createRedisSubscriber(config, log),
  }
  const app = await buildApp(dependencies)
  t.teardown(async () => {
    await app.close()
    await closeServiceDependencies(dependencies)
    await owner.close()
    await clone.drop()
  })
  return {
    app,
    database,
    owner: owner.primary,
    async rollUp() {
      await rollUpAll(owner.primary)
      const { rows } = await sql<{ position: number }>`
        select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as position`.execute(owner.primary)
      const replayed = await database.nodes[1]?.waitForReplay(rows[0]?.position as number, 300_000)
      if (!replayed) throw new Error('The standby has not replayed what was rolled up')
    },
    statements,
    ...createTestCalls(app, config.ACCESS_TOKEN_SECRET),
  }
}
