import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Cache } from '../cache.ts'
import type { ConsistencyToken } from '../coherence/tags.ts'
import { cacheRoute } from './cached-handler.ts'
import { responseCodec } from './cached-response.ts'
import { createFastPath } from './fast-path.ts'
import { invalidateAfter } from './invalidating-handler.ts'
import { checkDeclaration } from './route-cache.ts'

export interface CachedResponsesOptions {
  cache: Cache
  /** The position of the last write that the caller knows of: they get nothing older. */
  readPosition?: (headers: IncomingHttpHeaders) => ConsistencyToken | undefined
  /** The position of what a handler has committed. */
  writePosition?: (request: FastifyRequest) => ConsistencyToken | undefined
}

/**
 * Routes say in `config` what is cached (`cache`) and what a write outdates (`invalidates`). Register it before the routes, and
 * after what every answer must pass: limits and authentication.
 */
async function cachedResponsesOf(app: FastifyInstance, options: CachedResponsesOptions) {
  const { cache, readPosition = () => undefined, writePosition = () => undefined } = options
  const entries = cache.entries(responseCodec)
  app.decorateRequest('leastPosition', '')
  app.decorateRequest('changesAt', null)
  const fastPath = createFastPath(entries, readPosition)
  app.fastPathLookup = fastPath.lookUp
  app.addHook('onRoute', (route) => {
    checkDeclaration(route)
    const { cache: cached, invalidates } = route.config ?? {}
    if (cached !== undefined) cacheRoute(route, cached, { entries, readPosition, fastPath })
    if (invalidates !== undefined) invalidateAfter(route, invalidates, { cache, writePosition })
  })
}

export const cachedResponses = fp(cachedResponsesOf, { fastify: '5.x', name: 'comanda-cached-responses' })
