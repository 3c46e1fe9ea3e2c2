import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { timingOf } from './timing-of.ts'
import { type Timings, withTimings } from './timings.ts'

declare module 'fastify' {
  interface FastifyRequest {
    timings: Timings
  }
}

/** Sets `server-timing` and `x-perf-time-ms` on every response. */
async function timing(app: FastifyInstance) {
  app.decorateRequest('timings', null as never)

  app.addHook('onRequest', (request, _reply, done) => {
    request.timings = { db: 0, cache: 0 }
    withTimings(request.timings, done)
  })

  // Reading a body continues in the socket's own async context, which does not know the request: enter it again.
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.body === undefined) done()
    else withTimings(request.timings, done)
  })

  app.addHook('onSend', (_request, reply, _payload, done) => {
    const { total, parts } = timingOf(reply)
    reply.header('server-timing', parts)
    reply.header('x-perf-time-ms', total)
    done()
  })
}

export const timingPlugin = fp(timing, { fastify: '5.x', name: 'comanda-timing' })
