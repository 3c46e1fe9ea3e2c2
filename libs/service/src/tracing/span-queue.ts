import { ExportResultCode } from '@opentelemetry/core'
import { BatchSpanProcessor, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace'
import type { FastifyBaseLogger } from 'fastify'
import type { Metrics } from '../metrics/metrics.ts'
import { droppedSpans, exportedSpans } from './tracing-metrics.ts'

/** How many spans may wait or be under way; a few megabytes. */
const mostSpans = 4096
const batchSize = 512
const everyMilliseconds = 1000

export interface SpanQueueOptions {
  exporter: SpanExporter
  exportMilliseconds: number
  log: FastifyBaseLogger
  metrics: Metrics
}

/**
 * Sends spans in batches. The queue is bounded: with a collector that is away or slow, spans are dropped and counted. The processor of the
 * SDK has a bound too, but does not say what it drops.
 */
export function createSpanQueue({
  exporter,
  exportMilliseconds,
  log,
  metrics,
}: SpanQueueOptions): SpanProcessor {
  const [exported, dropped] = [exportedSpans(metrics), droppedSpans(metrics)]
  let held = 0
  let away = false

  function report(error: Error | undefined): void {
    if (error !== undefined && !away) log.warn({ err: error }, 'the collector of traces is away')
    if (error === undefined && away) log.info('the collector of traces is back')
    away = error !== undefined
  }

  const batches = new BatchSpanProcessor({
    maxQueueSize: mostSpans,
    maxExportBatchSize: batchSize,
    scheduledDelayMillis: everyMilliseconds,
    // The exporter gives up by itself, and says so; this is for one that never does.
    exportTimeoutMillis: exportMilliseconds * 2,
    exporter: {
      export(spans, done) {
        exporter.export(spans, (result) => {
          held -= spans.length
          const failed = result.code !== ExportResultCode.SUCCESS
          if (failed) dropped.inc({ reason: 'export_failed' }, spans.length)
          else exported.inc(spans.length)
          report(failed ? (result.error ?? new Error('spans were not taken')) : undefined)
          done(result)
        })
      },
      shutdown: () => exporter.shutdown(),
    },
  })

  return {
    onStart: (span, context) => batches.onStart(span, context),
    onEnd(span) {
      if (held >= mostSpans) return dropped.inc({ reason: 'queue_full' })
      held += 1
      batches.onEnd(span)
    },
    forceFlush: () => batches.forceFlush(),
    shutdown: () => batches.shutdown(),
  }
}
