import { type Database, openDatabase } from '@comanda/database'
import { createPaymentProviders, type PaymentProviders } from '@comanda/payments'
import {
  addTiming,
  createLogger,
  createMetrics,
  createRedis,
  createRedisSubscriber,
  type Logger,
  type Metrics,
  type Redis,
} from '@comanda/service'
import type { Config } from './config.ts'

/** What the app is built over. Whoever opened it closes it, after the app. */
export interface Dependencies {
  config: Config
  log: Logger
  metrics: Metrics
  database: Database
  redis: Redis
  /** The connection made by `createRedisSubscriber`: it only listens. */
  subscriber: Redis
  providers: PaymentProviders
}

/** Opens pools and connections; none of them waits for its server. */
export async function openDependencies(config: Config): Promise<Dependencies> {
  const log = await createLogger({ name: 'orders', config })
  const metrics = createMetrics()
  const database = openDatabase({
    config,
    applicationName: 'orders',
    log,
    metrics,
    addTiming: (milliseconds) => addTiming('db', milliseconds),
  })
  return {
    config,
    log,
    metrics,
    database,
    redis: createRedis(config, log),
    subscriber: createRedisSubscriber(config, log),
    providers: createPaymentProviders(config),
  }
}

/** Closes what was opened. To be called when the app is closed. */
export async function closeDependencies({
  database,
  redis,
  subscriber,
}: Pick<Dependencies, 'database' | 'redis' | 'subscriber'>): Promise<void> {
  redis.disconnect()
  subscriber.disconnect()
  await database.close()
}
