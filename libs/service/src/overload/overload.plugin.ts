import underPressure from '@fastify/under-pressure'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { LimitName } from '../limits/policies.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { platformErrors } from '../problems/platform.errors.ts'

export interface OverloadOptions {
  /** Mean event loop delay in ms above which requests are shed; 0 never. */
  eventLoopDelayMs: number
  /** Requests at once above which new ones are shed; 0 never. */
  requestsInFlight: number
  metrics: Metrics
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Served however busy the process is: health checks. */
    unsheddable?: boolean
  }
}

/** Work that can wait is shed first, at half the requests in flight. */
const deferrable: ReadonlySet<LimitName | 'none' | undefined> = new Set([
  'reports',
  'analytics',
  'expensive',
  'veryExpensive',
])

const sampleIntervalMs = 1000

/** Sheds early with 503 and `retry-after`, so that what is accepted is still answered in time. */
async function overload(
  app: FastifyInstance,
  { eventLoopDelayMs, requestsInFlight, metrics }: OverloadOptions,
) {
  let inFlight = 0
  metrics.gauge({
    name: 'http_requests_in_flight',
    help: 'Requests being served',
    collect: (gauge) => gauge.set(inFlight),
  })
  const shed = metrics.counter({
    name: 'http_requests_shed_total',
    help: 'Requests refused because of overload',
  })

  // A start blocks the event loop by itself; only delays that were sampled after it are load.
  let started = false
  app.addHook('onReady', async () => {
    setTimeout(() => (started = true), 2 * sampleIntervalMs).unref()
  })
  await app.register(underPressure, {
    maxEventLoopDelay: eventLoopDelayMs,
    sampleInterval: sampleIntervalMs,
    pressureHandler: (request) => {
      if (started && !request.routeOptions.config.unsheddable) refuse()
    },
  })

  // 'close' comes exactly once per response, also when its client has gone away; 'onResponse' does not.
  const left = () => {
    inFlight--
  }

  app.addHook('onRequest', (request, reply, done) => {
    const { limit, unsheddable, streams } = request.routeOptions.config
    if (!streams) {
      inFlight++
      reply.raw.on('close', left)
    }
    if (requestsInFlight === 0) return done()
    const most = deferrable.has(limit) ? requestsInFlight / 2 : requestsInFlight
    if (inFlight > most && !unsheddable) refuse()
    done()
  })

  function refuse(): never {
    shed.inc()
    throw platformErrors.overloaded(undefined, { retryAfterSeconds: 1 + Math.floor(Math.random() * 3) })
  }
}

export const overloadPlugin = fp(overload, { fastify: '5.x', name: 'comanda-overload' })
