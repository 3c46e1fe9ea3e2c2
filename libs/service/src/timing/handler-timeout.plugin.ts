import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { platformErrors } from '../problems/platform.errors.ts'

/**
 * Answers 503 when a request is not answered in time, breaks off an answer that has begun and not ended by then, except those of routes
 * that stream (`config.streams`), and aborts the `clientSignal` of both. `handlerTimeout` of Fastify will not do: it follows
 * the request, which Node closes as soon as its body is read, so that a handler with a body would have no bound.
 */
async function handlerTimeout(app: FastifyInstance, { milliseconds }: { milliseconds: number }) {
  app.decorateRequest('abandoning', null)
  if (milliseconds === 0) return
  app.addHook('onRequest', (request, reply, done) => {
    const timer = setTimeout(giveUp, milliseconds, request, reply)
    reply.raw.once('close', () => clearTimeout(timer))
    done()
  })
}

function giveUp(request: FastifyRequest, reply: FastifyReply): void {
  const { headersSent } = reply.raw
  // Once it has begun, a stream of events lasts as long as it likes.
  if (reply.sent || (headersSent && request.routeOptions.config.streams)) return
  request.abandoning ??= new AbortController()
  request.abandoning.abort()
  // It is too late for another status when the head of the answer is on its way.
  if (headersSent) reply.raw.destroy()
  else reply.send(platformErrors.handler_timeout(undefined, { retryAfterSeconds: 1 }))
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Aborts `clientSignal`; null until somebody needs it. */
    abandoning: AbortController | null
  }
}

export const handlerTimeoutPlugin = fp(handlerTimeout, { fastify: '5.x', name: 'comanda-handler-timeout' })
