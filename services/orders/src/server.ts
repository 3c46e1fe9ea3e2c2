import { createDatabase, databaseOptions, observeNodes, observeStatements } from '@comanda/database'
import { addTiming, createLogger, createMetrics, createRedis, startService } from '@comanda/service'
import { buildApp } from './app.ts'
import { readConfig } from './config.ts'

try {
  const config = readConfig()
  const log = await createLogger({ name: 'orders', config })
  const metrics = createMetrics()
  const database = createDatabase({
    ...databaseOptions(config, 'orders'),
    log,
    onStatement: observeStatements({
      metrics,
      log,
      addTiming: (milliseconds) => addTiming('db', milliseconds),
      slowMilliseconds: config.DATABASE_SLOW_MILLISECONDS,
    }),
  })
  observeNodes(metrics, database)
  const redis = createRedis(config, log)
  const app = await buildApp({ config, log, metrics, database, redis })
  await startService(app, config)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
