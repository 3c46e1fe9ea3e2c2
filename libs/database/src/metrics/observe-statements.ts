import type { StatementListener } from '../connections/statement.ts'
import type { DatabaseMetrics } from './database-metrics.ts'

export interface ObserveStatementsOptions {
  metrics: DatabaseMetrics
  /** Called with every statement's milliseconds. */
  addTiming: (milliseconds: number) => void
  log: { warn: (context: object, message: string) => void }
  slowMilliseconds: number
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]

/** A listener that measures every statement and logs the slow ones, without their values. */
export function observeStatements({
  metrics,
  addTiming,
  log,
  slowMilliseconds,
}: ObserveStatementsOptions): StatementListener {
  const duration = metrics.histogram({
    name: 'db_query_duration_seconds',
    help: 'Statements sent to Postgres, by first keyword and first table',
    labels: ['query_type', 'table'],
    buckets,
  })
  return ({ text, queryType, table, seconds, failed }) => {
    duration.observe({ query_type: queryType, table }, seconds)
    addTiming(seconds * 1000)
    if (seconds * 1000 > slowMilliseconds) log.warn({ statement: text, seconds, failed }, 'slow statement')
  }
}
