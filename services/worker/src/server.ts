// First: see there.
import '@comanda/service/engine'
import { openDatabase } from '@comanda/database'
import { createPaymentProviders } from '@comanda/payments'
import {
  createLogger,
  createMetrics,
  createRedis,
  createRedisSubscriber,
  startService,
} from '@comanda/service'
import { buildApp } from './app.ts'
import { readConfig } from './config.ts'

try {
  const config = readConfig()
  const providers = createPaymentProviders(config)
  const log = await createLogger({ name: 'worker', config })
  const metrics = createMetrics()
  const database = openDatabase({ config, applicationName: 'worker', log, metrics })
  const redis = createRedis(config, log)
  const subscriber = createRedisSubscriber(config, log)
  const app = await buildApp({ config, log, metrics, database, redis, subscriber, providers })
  await startService(app, config)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
