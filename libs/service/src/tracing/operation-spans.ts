import type { IncomingMessage } from 'node:http'
import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { epochMilliseconds } from './span-time.ts'
import { contextOf, traceparentOf } from './trace-context.ts'
import type { TracedOperation, Tracing } from './tracing.ts'

const kinds = { client: SpanKind.CLIENT, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER }

/** The spans of statements, commands and events. They are made when they have ended, when all is known of them. */
export function createOperationSpans(
  tracer: Tracer,
  spanOf: (request: IncomingMessage) => Span | undefined,
): Pick<Tracing, 'enterRequest' | 'recordOperation' | 'continueTrace'> {
  const parents = new WeakMap<object, Context>()

  function record(operation: TracedOperation, parent: Context): Span {
    const { name, kind, attributes, startedAt, endedAt = performance.now(), failed = false } = operation
    const startTime = epochMilliseconds(startedAt)
    const span = tracer.startSpan(name, { kind: kinds[kind], attributes, startTime }, parent)
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end(epochMilliseconds(endedAt))
    return span
  }

  return {
    enterRequest(request, scope) {
      const span = spanOf(request)
      if (span?.isRecording()) parents.set(scope, trace.setSpan(ROOT_CONTEXT, span))
    },
    recordOperation(scope, operation) {
      const parent = scope && parents.get(scope)
      if (parent !== undefined) record(operation, parent)
    },
    continueTrace: (traceparent, operation) => traceparentOf(record(operation, contextOf({ traceparent }))),
  }
}
