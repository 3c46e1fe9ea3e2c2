import { openTracer } from './open-tracer.ts'
import { createOperationSpans } from './operation-spans.ts'
import { createRequestSpans } from './request-spans.ts'
import type { Tracing, TracingOptions } from './tracing.ts'

/** Starts tracing. This module is what loads OpenTelemetry, so it is imported only when tracing is on. */
export function startTracing(options: TracingOptions & { url: string }): Tracing {
  const { tracer, close } = openTracer(options)
  const { spanOf, ...requests } = createRequestSpans(tracer)
  return { ...requests, ...createOperationSpans(tracer, spanOf), close }
}
