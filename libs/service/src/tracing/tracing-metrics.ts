import type { Metrics } from '../metrics/metrics.ts'

/** The counter of spans that a collector has taken. */
export const exportedSpans = (metrics: Metrics) =>
  metrics.counter({
    name: 'trace_spans_exported_total',
    help: 'Spans that a collector of traces has taken; 0 while tracing is off',
  })

/** The counter of spans that were lost. */
export const droppedSpans = (metrics: Metrics) =>
  metrics.counter({
    name: 'trace_spans_dropped_total',
    help: 'Spans that were lost, by reason: queue_full (more than wait for the collector) or export_failed (it did not take them)',
    labels: ['reason'],
  })
