import type { FastifyReply, FastifyRequest, RouteHandlerMethod, RouteOptions } from 'fastify'
import type { Cache, EntryCache } from '../cache.ts'
import type { ConsistencyToken } from '../coherence/tags.ts'
import type { EntryRequest, LoadContext } from '../core/entry-request.ts'
import { answer } from './answer.ts'
import { type CachedResponse, createResponse } from './cached-response.ts'
import { isPerCaller, keyFunction, type RouteCache, type UnvalidatedRequest } from './route-cache.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the servers that a cached handler reads must have replayed; '' when any will do. */
    leastPosition: ConsistencyToken
  }
}

export interface CachedHandlerOptions {
  cache: Cache
  entries: EntryCache<CachedResponse>
  /** The position of the caller's last write, where they told it. */
  readPosition: (request: FastifyRequest) => ConsistencyToken | undefined
}

/**
 * A cached route answers in one of two places: in `onRequest`, after limits and access, when this process has the answer; else in
 * the handler, after validation, from Redis or by the route's own handler.
 */
export function cacheRoute(route: RouteOptions, cached: RouteCache, options: CachedHandlerOptions): void {
  const { entries, readPosition } = options
  const handler = route.handler
  const keyOf = keyFunction(route)
  const perCaller = isPerCaller(cached, route.config?.access)
  const hot = cached.hot ?? !perCaller
  const visibility = perCaller ? 'private' : 'public'
  const headers = ['vary', 'accept-encoding', 'cache-control', `${visibility}, max-age=0, must-revalidate`]

  function entryRequest(
    request: FastifyRequest,
    reply: FastifyReply,
    key: string,
    position: ConsistencyToken | undefined,
  ): Omit<EntryRequest<CachedResponse>, 'codec'> {
    const given: Partial<EntryRequest<CachedResponse>> = {}
    if (cached.ttl !== undefined) given.ttl = cached.ttl
    if (cached.staleSeconds !== undefined) given.staleSeconds = cached.staleSeconds
    if (position !== undefined) given.minimum = position
    return {
      ...given,
      key,
      hot,
      tags: cached.tags(request as UnvalidatedRequest),
      cacheEmpty: cached.empty ?? false,
      verified: position !== undefined,
      load: (context) => load(handler, request, reply, context),
    }
  }

  function answerFromMemory(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
    const key = keyOf(request as UnvalidatedRequest)
    const entry = key === undefined ? undefined : entries.peek(key)
    if (key === undefined || entry === undefined || readPosition(request) !== undefined) return done()
    entry.counts.memoryHits++
    if (performance.now() >= entry.freshUntil) {
      entries.refresh(entryRequest(request, reply, key, undefined))
    }
    answer(request, reply, { key, entry, headers, entries })?.catch((error: unknown) => reply.send(error))
  }

  async function answerFromAnywhere(this: unknown, request: FastifyRequest, reply: FastifyReply) {
    const key = keyOf(request as UnvalidatedRequest)
    if (key === undefined) return handler.call(this as never, request, reply)
    const entry = await entries.read(entryRequest(request, reply, key, readPosition(request)))
    // The time for it may be over.
    if (!reply.sent) await answer(request, reply, { key, entry, headers, entries })
    return reply
  }

  // It compresses by itself, once.
  route.compress = false
  route.onRequest = [...[route.onRequest ?? []].flat(), answerFromMemory]
  route.handler = answerFromAnywhere
}

async function load(
  handler: RouteHandlerMethod,
  request: FastifyRequest,
  reply: FastifyReply,
  { minimum }: LoadContext,
): Promise<CachedResponse> {
  request.leastPosition = minimum
  const payload: unknown = await handler.call(request.server, request, reply)
  if (payload === undefined || payload === reply) {
    throw new Error('the handler of a cached route returns its answer and does not send it')
  }
  // Its answer may have been sent long ago, when this is to replace a stale one: the status of the reply says nothing.
  const serialize = reply.getSerializationFunction('200') ?? JSON.stringify
  const body = Buffer.from(serialize(payload as Record<string, unknown>))
  return createResponse('application/json; charset=utf-8', body, isEmpty(payload))
}

/** A list without members, or a page of one. */
function isEmpty(payload: unknown): boolean {
  const list = Array.isArray(payload) ? payload : (payload as { data?: unknown } | null)?.data
  return payload === null || (Array.isArray(list) && list.length === 0)
}
