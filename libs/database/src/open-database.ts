import { type DatabaseConfig, databaseOptions } from './config.ts'
import { createDatabase, type Database, type DatabaseOptions } from './database.ts'
import type { DatabaseMetrics } from './metrics/database-metrics.ts'
import { observeNodes } from './metrics/observe-nodes.ts'
import { observeStatements } from './metrics/observe-statements.ts'

/** Opens the database of a service: configured by its environment, measured and logged. The caller closes it. */
export function openDatabase(options: {
  config: DatabaseConfig & { NODE_ENV?: string }
  /** The name under which Postgres lists its sessions. */
  applicationName: string
  log: DatabaseOptions['log']
  metrics: DatabaseMetrics
  /** Called with every statement's milliseconds. */
  addTiming?: (milliseconds: number) => void
}): Database {
  const { config, applicationName, log, metrics, addTiming = () => {} } = options
  const slowMilliseconds = config.DATABASE_SLOW_MILLISECONDS
  const database = createDatabase({
    ...databaseOptions(config, applicationName),
    log,
    onStatement: observeStatements({ metrics, log, addTiming, slowMilliseconds }),
  })
  observeNodes(metrics, database.nodes)
  return database
}
