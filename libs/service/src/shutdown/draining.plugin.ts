import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** True once the process has been asked to stop. */
    readonly draining: boolean
    startDraining(): void
  }
}

/**
 * While draining, requests are still served, and every response tells its client to open a new connection, which
 * will go to another process. It is said when the response is sent, so that requests already in flight say it too.
 */
async function drainingState(app: FastifyInstance) {
  let draining = false
  app.decorate('draining', { getter: () => draining })
  app.decorate('startDraining', () => {
    draining = true
  })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (draining) reply.header('connection', 'close')
    done()
  })
}

export const drainingPlugin = fp(drainingState, { fastify: '5.x', name: 'comanda-draining' })
