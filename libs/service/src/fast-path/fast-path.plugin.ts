import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { FastPathAnswer } from './fast-path-answer.ts'
import { createSend, type SendOptions } from './send-answer.ts'

export interface FastPathOptions extends SendOptions {
  /** Whether answers depend on the origin of a page. */
  cors: boolean
  /** Whether a request is refused because of the program that it comes from. */
  isBlocked: (request: IncomingMessage) => boolean
}

/**
 * Answers that are at hand (the cache's) are limited, logged, measured and have the headers of any other, but go out before Fastify has
 * made a request object, run hooks or looked for a route, which takes longer than all of that. Whatever is unusual about a request
 * leaves it to Fastify, where it gets the same answer. Overload does not shed these requests: a refusal costs as much as the answer.
 */
async function fastPath(app: FastifyInstance, { cors, isBlocked, ...options }: FastPathOptions) {
  app.decorate('fastPathLookup', undefined)
  const { send, abandon } = createSend(app, options)
  let closing = false
  app.addHook('preClose', (done) => {
    closing = true
    done()
  })

  // Fastify made the server, and listens to it; nothing else does.
  const [fastify] = app.server.listeners('request') as RequestListener[]
  if (fastify === undefined) throw new Error('the server has no listener to stand in front of')
  app.server.removeListener('request', fastify)
  app.server.on('request', (request, response) => {
    const since = performance.now()
    const heapAtStart = app.heapUsed.recent()
    const found = isPlain(request, response) ? app.fastPathLookup?.(request) : undefined
    if (found instanceof Promise) void found.then(finish)
    else finish(found)

    function finish(answer: FastPathAnswer | undefined) {
      const waited = found instanceof Promise ? performance.now() - since : 0
      const start = { since, waited, heapAtStart }
      if (response.destroyed) return abandon(request, start)
      if (answer === undefined || !send(request, response, answer, start))
        fastify?.call(app.server, request, response)
    }
  })

  function isPlain(request: IncomingMessage, response: ServerResponse): boolean {
    const { method, httpVersion, headers } = request
    if (method !== 'GET' || httpVersion !== '1.1' || !response.shouldKeepAlive || closing || app.draining)
      return false
    // A body is left to Fastify, which sees to the end of it.
    if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) return false
    if (isBlocked(request)) return false
    return headers['content-encoding'] === undefined && (!cors || headers.origin === undefined)
  }
}

export const fastPathPlugin = fp(fastPath, {
  fastify: '5.x',
  name: 'comanda-fast-path',
  dependencies: ['comanda-security', 'comanda-draining', 'comanda-request-log'],
})
