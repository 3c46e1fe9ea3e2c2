import { createDatabase, type Database, databaseOptions, type Statement } from '@comanda/database'
import {
  asOwner,
  asService,
  cloneTestDatabase,
  patientEnvironment,
  testRedisNodes,
} from '@comanda/local-stack/testing'
import { createPaymentProviders, type PaymentProviders } from '@comanda/payments'
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
import type { Test } from 'tap'
import { buildApp } from '#src/app.ts'
import { type Config, configSchema } from '#src/config.ts'

export interface TestApp extends TestCalls {
  app: Service
  /** The database of the app, but for `primary`, which is its owner's: what a test itself writes and reads goes there. */
  database: Database
  config: Config
  /**
   * The statements that were sent to Postgres since the last `statements.length = 0`, without polls, reads of positions, and what is
   * published after an answer.
   */
  statements: Statement[]
}

/** Reads of positions, and what is published after an answer. */
const notAnswering = /pg_current_wal_flush_lsn|from "catalogue_versions"/

/** Starts the orders API over a database of its own, or that of `DATABASE_URL`, and the shared Redis; it is closed at the end of the test. */
export async function startTestApp(
  t: Test,
  env: Record<string, string> = {},
  /** The payment providers; by default those that the environment names. */
  providers?: PaymentProviders,
  /** With `oneLogin` the app logs in as the owner too and shares the test's pool, for what Postgres counts by connection. */
  { oneLogin = false } = {},
): Promise<TestApp> {
  const clone = env.DATABASE_URL === undefined ? await cloneTestDatabase() : undefined
  const [url = '', replicaUrls = ''] = [env.DATABASE_URL ?? clone?.url, env.DATABASE_REPLICA_URLS]
  const config = loadConfig(configSchema, {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    RATE_LIMITS: 'off',
    ...patientEnvironment,
    DATABASE_POOL_MIN: '0',
    DATABASE_POOL_MAX: '10',
    REDIS_NODES: testRedisNodes(),
    ...env,
    DATABASE_URL: oneLogin ? asOwner(url) : asService(url, 'orders'),
    DATABASE_REPLICA_URLS: asService(replicaUrls, 'orders'),
  })
  const log = await createLogger({ name: 'orders', config })
  const statements: Statement[] = []
  const database = createDatabase({
    ...databaseOptions(config, 'orders-test'),
    log,
    onStatement: (statement) => {
      if (!isPoll(statement) && !notAnswering.test(statement.text)) statements.push(statement)
    },
  })
  const owner = oneLogin
    ? database
    : createDatabase({
        ...databaseOptions(
          { ...config, DATABASE_URL: asOwner(url), DATABASE_REPLICA_URLS: '' },
          'orders-test-owner',
        ),
        log,
      })
  const dependencies = {
    config,
    log,
    metrics: createMetrics(),
    database,
    redis: createRedis(config, log),
    subscriber: createRedisSubscriber(config, log),
    providers: providers ?? createPaymentProviders(config),
  }
  const app = await buildApp(dependencies)
  t.teardown(async () => {
    await app.close()
    await closeServiceDependencies(dependencies)
    if (!oneLogin) await owner.close()
    await clone?.drop()
  })
  return {
    app,
    database: { ...database, primary: owner.primary },
    config,
    statements,
    ...createTestCalls(app, config.ACCESS_TOKEN_SECRET),
  }
}
