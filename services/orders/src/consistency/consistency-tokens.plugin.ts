import type { Database } from '@comanda/database'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { consistencyHeader } from './consistency.schema.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** A position at or after what this request has committed; undefined before its handler is done. */
    writePosition: string | undefined
  }
}

const reads = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * DB-4: whoever writes is told the position of the write. To be registered before the routes, and before whatever else asks
 * handlers for it.
 */
async function consistencyTokensOf(app: FastifyInstance, { position }: Pick<Database, 'position'>) {
  app.decorateRequest('writePosition', undefined)
  app.addHook('onRoute', (route) => {
    if (!reads.has(String(route.method))) tellPosition(route, position)
  })
}

function tellPosition(route: RouteOptions, position: Database['position']): void {
  const { handler, config } = route
  route.config = { ...config, answerHeaders: [...(config?.answerHeaders ?? []), consistencyHeader] }
  route.handler = async function writingHandler(request: FastifyRequest, reply: FastifyReply) {
    try {
      return await handler.call(this, request, reply)
    } finally {
      // A refusal too may have written: an order whose card was declined is there.
      request.writePosition = await position()
      reply.header(consistencyHeader, request.writePosition)
    }
  }
}

export const consistencyTokens = fp(consistencyTokensOf, {
  fastify: '5.x',
  name: 'comanda-consistency-tokens',
})
