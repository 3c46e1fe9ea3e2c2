import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type HeapUsed, heapUsedBytes } from './heap-sample.ts'
import { type Logger, plainLog } from './logger.ts'
import { requestFacts } from './request-facts.ts'
import { abortedStatus, requestMessage } from './request-message.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The heap in use, sampled while the service is open. */
    heapUsed: HeapUsed
  }
  interface FastifyRequest {
    heapAtStart: number
  }
  interface FastifyContextConfig {
    /** `quiet` routes are logged at `debug` while they answer well: probes ask every few seconds. */
    quiet?: boolean
  }
}

export interface SlowThresholds {
  /** Milliseconds above which a request is logged as a warning, and as an error. */
  warnMs: number
  errorMs: number
}

/** One line per request, also for one whose client went away before the answer. */
async function requestLog(app: FastifyInstance, options: SlowThresholds & { log: Logger }) {
  const { warnMs, errorMs } = options
  app.decorateRequest('heapAtStart', 0)
  const heap = heapUsedBytes()
  app.decorate('heapUsed', heap)
  app.addHook('onClose', async () => heap.stop())
  const plain = plainLog(options.log)

  app.addHook('onRequest', (request, _reply, done) => {
    request.heapAtStart = heap.recent()
    done()
  })

  app.addHook('onResponse', (request, reply, done) => {
    log(request, reply.statusCode, reply.elapsedTime)
    done()
  })

  app.addHook('onRequestAbort', (request, done) => {
    plain.info({ ...facts(request), status: abortedStatus }, requestMessage)
    done()
  })

  function log(request: FastifyRequest, status: number, durationMs: number) {
    const line = { ...facts(request), status, durationMs: Math.round(durationMs * 10) / 10 }
    const isTimed = !request.routeOptions.config.streams
    const slow = isTimed && durationMs > warnMs
    if (request.failure !== null) Object.assign(line, { code: request.failure.code })
    if (status >= 500) Object.assign(line, { err: request.failure?.cause ?? request.failure })
    if (slow)
      Object.assign(line, {
        slow: true,
        heapChangeBytes: heap.now() - request.heapAtStart,
        ...request.timings,
      })
    const level = levelOf(request, status, slow, isTimed && durationMs > errorMs)
    // An error may carry anything.
    const log = status >= 500 ? app.log : plain
    log[level](line, requestMessage)
  }
}

function levelOf(request: FastifyRequest, status: number, slow: boolean, verySlow: boolean) {
  const { quiet = false } = request.routeOptions.config
  // A probe that hears that the process is draining hears what was intended, every few seconds.
  if (quiet && request.server.draining && request.failure === null && !slow) return 'debug'
  if (verySlow || status >= 500) return 'error'
  if (slow) return 'warn'
  return quiet ? 'debug' : 'info'
}

function facts(request: FastifyRequest) {
  return requestFacts({
    id: request.id,
    headers: request.headers,
    method: request.method,
    url: request.url,
    route: request.routeOptions.url ?? null,
    user: request.caller?.userId ?? null,
    address: request.ip,
  })
}

export const requestLogPlugin = fp(requestLog, { fastify: '5.x', name: 'comanda-request-log' })
