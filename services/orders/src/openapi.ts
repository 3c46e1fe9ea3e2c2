import { createDatabase, databaseOptions } from '@comanda/database'
import { createPaymentProviders } from '@comanda/payments'
import { createLogger, createMetrics, createRedis, createRedisSubscriber, loadConfig } from '@comanda/service'
import { buildApp } from './app.ts'
import { configSchema } from './config.ts'
import { closeDependencies } from './dependencies.ts'

/** Makes the API's OpenAPI document. It connects to nothing: no server listens at the addresses of its configuration. */
export async function openapi(): Promise<object> {
  const nowhere = {
    DATABASE_URL: 'postgres://127.0.0.1:1/none',
    DATABASE_CONNECT_SECONDS: '0.1',
    REDIS_NODES: '127.0.0.1:1',
  }
  const config = loadConfig(configSchema, { ...nowhere, LOG_LEVEL: 'silent' })
  const log = await createLogger({ name: 'orders', config })
  const database = createDatabase({ ...databaseOptions(config, 'orders'), log })
  const dependencies = {
    config,
    log,
    metrics: createMetrics(),
    database,
    redis: createRedis(config, log),
    subscriber: createRedisSubscriber(config, log),
    providers: createPaymentProviders(config),
  }
  const app = await buildApp(dependencies)
  await app.ready()
  const document = app.openapi()
  await app.close()
  await closeDependencies(dependencies)
  return document
}
