import type { IncomingMessage } from 'node:http'
import { type Span, SpanKind, SpanStatusCode, TraceFlags, type Tracer } from '@opentelemetry/api'
import { epochMilliseconds } from './span-time.ts'
import { contextOf, traceparentOf } from './trace-context.ts'
import type { Tracing } from './tracing.ts'

/** The spans of requests, named and described as the semantic conventions of HTTP say, without anything that a client wrote. */
export function createRequestSpans(tracer: Tracer): Pick<
  Tracing,
  'startRequest' | 'endRequest' | 'traceparentOf'
> & {
  spanOf: (request: IncomingMessage) => Span | undefined
} {
  const spans = new WeakMap<IncomingMessage, Span>()
  return {
    spanOf: (request) => spans.get(request),
    startRequest(request, startedAt = performance.now()) {
      const { method = 'GET', headers } = request
      const options = { kind: SpanKind.SERVER, startTime: epochMilliseconds(startedAt) }
      const span = tracer.startSpan(method, options, contextOf(headers))
      headers.traceparent = traceparentOf(span)
      spans.set(request, span)
    },
    endRequest(request, { method, route, status, errorType }) {
      const span = spans.get(request)
      if (!span?.isRecording()) return
      span.updateName(route === null ? method : `${method} ${route}`)
      span.setAttributes({ 'http.request.method': method, 'http.response.status_code': status })
      if (route !== null) span.setAttribute('http.route', route)
      if (errorType !== undefined) span.setAttribute('error.type', errorType)
      if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end(epochMilliseconds(performance.now()))
    },
    traceparentOf(request) {
      const span = spans.get(request)
      if (span === undefined || (span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return null
      return traceparentOf(span)
    },
  }
}
