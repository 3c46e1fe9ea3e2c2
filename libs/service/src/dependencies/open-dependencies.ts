import { type Database, type DatabaseConfig, openDatabase } from '@comanda/database'
import type { BaseConfig } from '../config/load-config.ts'
import { createLogger, type Logger } from '../logging/logger.ts'
import { createMetrics, type Metrics } from '../metrics/metrics.ts'
import { createRedis, createRedisSubscriber, type Redis } from '../redis/create-redis.ts'
import { addTiming } from '../timing/timings.ts'
import { traceStatements } from '../tracing/trace-statements.ts'
import { openTracing, type Tracing } from '../tracing/tracing.ts'

/** What every service is built over. Whoever opened it closes it, after the app. */
export interface ServiceDependencies<Config> {
  config: Config
  log: Logger
  metrics: Metrics
  /** Undefined when tracing is off. */
  tracing?: Tracing | undefined
  database: Database
  redis: Redis
  /** The connection made by `createRedisSubscriber`: it only listens. */
  subscriber: Redis
}

/**
 * Opens the pools and connections of a service; none of them waits for its server.
 * @param options.name the service, as its log and Postgres know it
 */
export async function openServiceDependencies<Config extends BaseConfig & DatabaseConfig>(options: {
  name: string
  config: Config
}): Promise<ServiceDependencies<Config>> {
  const { name, config } = options
  const log = await createLogger({ name, config })
  const metrics = createMetrics()
  const tracing = await openTracing({ name, config, log, metrics })
  const database = openDatabase({
    config,
    applicationName: name,
    log,
    metrics,
    addTiming: (milliseconds) => addTiming('db', milliseconds),
    onStatement: tracing && traceStatements(tracing),
  })
  return {
    config,
    log,
    metrics,
    tracing,
    database,
    redis: createRedis(config, log),
    subscriber: createRedisSubscriber(config, log),
  }
}

/** Closes what was opened. To be called when the app is closed. */
export async function closeServiceDependencies({
  database,
  redis,
  subscriber,
  tracing,
}: Pick<ServiceDependencies<unknown>, 'database' | 'redis' | 'subscriber' | 'tracing'>): Promise<void> {
  redis.disconnect()
  subscriber.disconnect()
  await database.close()
  await tracing?.close()
}
