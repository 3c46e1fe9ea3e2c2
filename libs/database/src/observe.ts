import type { Database } from './database.ts'
import type { StatementListener } from './statement.ts'

interface Histogram {
  observe: (labels: { query_type: string; table: string }, seconds: number) => void
}
interface Gauge {
  set: (labels: Record<string, string>, value: number) => void
}

/** The part of a service's metrics that is needed here. */
export interface DatabaseMetrics {
  histogram: (options: {
    name: string
    help: string
    labels: readonly ('query_type' | 'table')[]
    buckets: readonly number[]
  }) => Histogram
  gauge: (options: {
    name: string
    help: string
    labels: readonly string[]
    collect: (gauge: Gauge) => void
  }) => unknown
}

export interface ObserveOptions {
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
}: ObserveOptions): StatementListener {
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

/** Publishes pool sizes, replica lag and the primary's timeline, read at every scrape. */
export function observeNodes(metrics: DatabaseMetrics, { nodes }: Database): void {
  metrics.gauge({
    name: 'db_connection_pool_size',
    help: 'Connections to Postgres by node and state; waiting are requests without one',
    labels: ['node', 'state'],
    collect: (gauge) => {
      for (const { name: node, pool } of nodes) {
        for (const [state, count] of Object.entries(pool.size())) gauge.set({ node, state }, count)
      }
    },
  })
  metrics.gauge({
    name: 'db_replica_lag_seconds',
    help: 'How far a replica is behind the primary',
    labels: ['node'],
    collect: (gauge) => {
      for (const { name: node, lagMilliseconds } of nodes) {
        if (lagMilliseconds !== null) gauge.set({ node }, lagMilliseconds / 1000)
      }
    },
  })
  metrics.gauge({
    name: 'db_node_up',
    help: '1 while the last look at a node succeeded',
    labels: ['node'],
    collect: (gauge) => {
      for (const { name: node, reachable } of nodes) gauge.set({ node }, Number(reachable))
    },
  })
  metrics.gauge({
    name: 'db_primary_timeline',
    help: 'Timeline of the server that takes writes: one more after every promotion, and the same for every process',
    labels: [],
    collect: (gauge) => {
      const [{ timeline }] = nodes
      if (timeline !== null) gauge.set({}, timeline)
    },
  })
}
