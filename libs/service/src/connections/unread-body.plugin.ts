import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { lingeringClose } from './lingering-close.ts'

/**
 * Lets clients that are still sending a body read why it was refused. What is left of a body within the limit is discarded by Node,
 * and the connection stays; after any other one the connection is closed, but not before the client had time to read the answer.
 */
async function unreadBody(app: FastifyInstance, { bodyLimit }: { bodyLimit: number }) {
  app.decorate('leaveUnread', leave)
  app.addHook('onSend', (request, reply, _payload, done) => {
    leave(request, reply)
    done()
  })

  function leave({ raw, headers }: FastifyRequest, reply: FastifyReply): void {
    if (raw.complete) return
    const isChunked = headers['transfer-encoding'] !== undefined
    const length = Number(headers['content-length'] ?? 0)
    if (!isChunked && length === 0) return
    if (isChunked || length > bodyLimit) reply.header('connection', 'close')
    // Node calls this when the answer has been sent and the connection is to be closed, for whatever reason.
    raw.socket.destroySoon = function destroySoon(this: Socket) {
      lingeringClose(this)
    }
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Prepares the connection of a request that is answered although its body was not read, where no hooks run. */
    leaveUnread: (request: FastifyRequest, reply: FastifyReply) => void
  }
}

export const unreadBodyPlugin = fp(unreadBody, { fastify: '5.x', name: 'comanda-unread-body' })
