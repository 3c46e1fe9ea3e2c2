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
 * Answers every write with its position, as `x-consistency-token`. It must be registered before the routes, and before anything else
 * that wraps handlers to read the position.
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
      // A refusal may have written too: an order whose card was declined exists.
      request.writePosition = await position()
      reply.header(consistencyHeader, request.writePosition)
    }
  }
}

export const consistencyTokens = fp(consistencyTokensOf, {
  fastify: '5.x',
  name: 'comanda-consistency-tokens',
})
