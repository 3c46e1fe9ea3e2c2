import { type DatabaseConfig, databaseOptions } from './config.ts'
import type { StatementListener } from './connections/statement.ts'
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
  /** Called with every statement besides, in the async context of whoever sent it. */
  onStatement?: StatementListener | undefined
}): Database {
  const { config, applicationName, log, metrics, addTiming = () => {}, onStatement } = options
  const slowMilliseconds = config.DATABASE_SLOW_MILLISECONDS
  const observe = observeStatements({ metrics, log, addTiming, slowMilliseconds })
  const database = createDatabase({
    ...databaseOptions(config, applicationName),
    log,
    onStatement: onStatement === undefined ? observe : both(observe, onStatement),
  })
  observeNodes(metrics, database.nodes)
  return database
}

function both(first: StatementListener, second: StatementListener): StatementListener {
  return (statement) => {
    first(statement)
    second(statement)
  }
}
