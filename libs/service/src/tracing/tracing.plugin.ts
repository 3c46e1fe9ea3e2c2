import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { abortedStatus } from '../logging/request-message.ts'
import type { Tracing } from './tracing.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The `traceparent` that leads on from this request; null when it is not traced. */
    traceparent: string | null
  }
}

/** Gives every request that is traced its span; the span itself was started with the request's logger. */
async function requestTracing(app: FastifyInstance, { tracing }: { tracing: Tracing | undefined }) {
  app.decorateRequest('traceparent', null)
  if (tracing === undefined) return
  app.addHook('onRequest', (request, _reply, done) => {
    request.traceparent = tracing.traceparentOf(request.raw)
    tracing.enterRequest(request.raw, request.timings)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    end(tracing, request, reply.statusCode)
    done()
  })
  app.addHook('onRequestAbort', (request, done) => {
    end(tracing, request, abortedStatus)
    done()
  })
}

function end(tracing: Tracing, request: FastifyRequest, status: number): void {
  const { url: route = null, config } = request.routeOptions
  // Probes ask every few seconds, and would be most of what is kept.
  if (config.quiet && status < 500) return
  tracing.endRequest(request.raw, { method: request.method, route, status, errorType: request.failure?.code })
}

/**
 * What an event says of the request in which it happened: its id, and for one that is traced a space and its `traceparent`, so that the
 * trace goes on in whoever reads the event. It is one text, so that the functions that write events need no second parameter for what is mostly
 * null; `request_id_of` and `traceparent_of` in the database take it apart.
 */
export function eventOrigin({ id, traceparent }: FastifyRequest): string {
  return traceparent === null ? id : `${id} ${traceparent}`
}

export const tracingPlugin = fp(requestTracing, {
  fastify: '5.x',
  name: 'comanda-tracing',
  dependencies: ['comanda-timing'],
})
