import type { IncomingMessage } from 'node:http'
import type { FastifyBaseLogger } from 'fastify'
import type { Metrics } from '../metrics/metrics.ts'
import { type TracingConfig, tracesUrl } from './tracing-config.ts'
import { droppedSpans, exportedSpans } from './tracing-metrics.ts'

/** Something that took time, as a span. Times are those of `performance.now`. */
export interface TracedOperation {
  /** What was done, without any value: `SELECT orders`, `GET`. There are few different ones. */
  name: string
  kind: 'client' | 'producer' | 'consumer'
  attributes: Record<string, string | number>
  startedAt: number
  /** Now when left out. */
  endedAt?: number
  failed?: boolean
}

/** How a request was answered. */
export interface RequestOutcome {
  method: string
  /** The pattern of its route; null when none matched. */
  route: string | null
  status: number
  /** The code of the problem that it was answered with. */
  errorType?: string | undefined
}

/** The tracer of a process. There is none when tracing is off. */
export interface Tracing {
  /**
   * Starts the span of a request, in the trace that its `traceparent` names or in a new one. From then on the header names this span, so
   * that whatever reads it, the log above all, has the right trace.
   */
  startRequest(request: IncomingMessage, startedAt?: number): void
  /** What is recorded for `scope` belongs to the request. */
  enterRequest(request: IncomingMessage, scope: object): void
  /** Ends the span of a request. One that is never ended is never sent. */
  endRequest(request: IncomingMessage, outcome: RequestOutcome): void
  /** The `traceparent` that leads on from a request that is sampled; null when it is not. */
  traceparentOf(request: IncomingMessage): string | null
  /** Records what a request did. Does nothing outside of a request that is sampled. */
  recordOperation(scope: object | undefined, operation: TracedOperation): void
  /** Records what followed from something in another process, and returns the `traceparent` that leads on. */
  continueTrace(traceparent: string, operation: TracedOperation): string
  /** Sends what is left, for two seconds at most. */
  close(): Promise<void>
}

export interface TracingOptions {
  /** The name of the service, unless the configuration has another one. */
  name: string
  config: TracingConfig
  log: FastifyBaseLogger
  metrics: Metrics
}

/**
 * Starts tracing when the configuration says where traces go; resolves to undefined otherwise, without OpenTelemetry having been
 * loaded.
 */
export async function openTracing(options: TracingOptions): Promise<Tracing | undefined> {
  // They are there when tracing is off too, so that rules and dashboards may name them.
  exportedSpans(options.metrics)
  droppedSpans(options.metrics)
  const url = tracesUrl(options.config)
  if (url === undefined) return undefined
  const { startTracing } = await import('./start-tracing.ts')
  return startTracing({ ...options, url })
}
