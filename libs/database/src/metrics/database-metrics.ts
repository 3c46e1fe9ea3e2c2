interface Histogram {
  observe: (labels: { query_type: string; table: string }, seconds: number) => void
}
interface Gauge {
  set: (labels: Record<string, string>, value: number) => void
}

/** The part of a service's metrics registry that this library needs. */
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
