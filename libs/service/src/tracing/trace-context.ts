import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Span,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'

const w3c = new W3CTraceContextPropagator()

/** The context of W3C trace headers; one without a parent when they are missing or not valid. */
export function contextOf(headers: Record<string, unknown>): Context {
  return w3c.extract(ROOT_CONTEXT, headers, defaultTextMapGetter)
}

/** The `traceparent` that leads on from a span. */
export function traceparentOf(span: Span): string {
  const headers: { traceparent?: string } = {}
  w3c.inject(trace.setSpan(ROOT_CONTEXT, span), headers, defaultTextMapSetter)
  return headers.traceparent ?? ''
}
