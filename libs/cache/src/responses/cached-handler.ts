import type { IncomingHttpHeaders } from 'node:http'
import { sendBytes } from '@comanda/service'
import type { FastifyReply, FastifyRequest, RouteHandlerMethod, RouteOptions } from 'fastify'
import type { EntryCache } from '../cache.ts'
import type { ConsistencyToken } from '../coherence/tags.ts'
import type { EntryRequest, LoadContext } from '../core/entry-request.ts'
import { type CachedResponse, createResponse } from './cached-response.ts'
import type { FastPath } from './fast-path.ts'
import { isPerCaller, keyFunction, type RouteCache, type UnvalidatedRequest } from './route-cache.ts'
import { type SelectedAnswer, selectAnswer } from './select-answer.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the servers that a cached handler reads must have replayed; '' when any will do. */
    leastPosition: ConsistencyToken
    /** Set by a cached handler whose answer changes by itself: the moment, in ISO 8601. It is not served from then on. */
    changesAt: string | null
  }
}

export interface CachedHandlerOptions {
  entries: EntryCache<CachedResponse>
  /** The position of the caller's last write, where the request names it. */
  readPosition: (headers: IncomingHttpHeaders) => ConsistencyToken | undefined
  /** Remembers URLs whose answers may go out without a request object the next time. */
  fastPath: FastPath
}

/** How the API describes a 304. */
const notModified = { type: 'null', description: 'What the caller has is current (`If-None-Match`)' }

/**
 * A cached route answers in one of two places: in `onRequest`, after limits and access, when this process has the answer; else in
 * the handler, after validation, from Redis or by the route's own handler.
 */
export function cacheRoute(route: RouteOptions, cached: RouteCache, options: CachedHandlerOptions): void {
  const { entries, readPosition, fastPath } = options
  const handler = route.handler
  const keyOf = keyFunction(route)
  const perCaller = isPerCaller(cached, route.config?.access)
  const isPrivate = perCaller || route.config?.access !== 'public'
  const hot = cached.hot ?? !perCaller
  const limit = route.config?.limit ?? 'none'
  // What is somebody's own is nobody's to keep; whoever has its ETag may still ask whether it is current.
  const keeping = isPrivate ? 'private, no-store' : 'public, max-age=0, must-revalidate'
  const headers = ['vary', 'accept-encoding', 'cache-control', keeping]
  const responses = route.schema?.response as object | undefined
  route.schema = { ...route.schema, response: { ...responses, 304: notModified } }

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

  function answerFromMemory(
    request: FastifyRequest,
    reply: FastifyReply,
    done: (error?: Error) => void,
  ): void {
    const key = keyOf(request as UnvalidatedRequest)
    const entry = key === undefined ? undefined : entries.peek(key)
    if (key === undefined || entry === undefined || readPosition(request.headers) !== undefined) return done()
    entry.counts.memoryHits++
    if (performance.now() >= entry.freshUntil) {
      entries.refresh(entryRequest(request, reply, key, undefined))
    }
    const selected = selectAnswer(request.headers, { key, entry, entries })
    if (selected instanceof Promise) selected.then((selected) => send(reply, selected, headers), done)
    else send(reply, selected, headers)
  }

  async function answerFromAnywhere(this: unknown, request: FastifyRequest, reply: FastifyReply) {
    const key = keyOf(request as UnvalidatedRequest)
    if (key === undefined) return handler.call(this as never, request, reply)
    const entry = await entries.read(entryRequest(request, reply, key, readPosition(request.headers)))
    if (!isPrivate) fastPath.remember({ url: request.url, key, route: route.url, limit, headers })
    const selected = await selectAnswer(request.headers, { key, entry, entries })
    // The request may have timed out, and been answered, meanwhile.
    if (!reply.sent) send(reply, selected, headers)
    return reply
  }

  const admission = cached.admit === undefined ? [] : [admitWith(cached.admit)]
  route.onRequest = [...[route.onRequest ?? []].flat(), ...admission, answerFromMemory]
  route.handler = answerFromAnywhere
}

/** Makes a hook that refuses what the check throws for. */
function admitWith(check: (request: UnvalidatedRequest) => void) {
  return (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void => {
    let refusal: Error | undefined
    try {
      check(request as UnvalidatedRequest)
    } catch (error) {
      refusal = error as Error
    }
    done(refusal)
  }
}

function send(reply: FastifyReply, { status, head, body }: SelectedAnswer, headers: readonly string[]): void {
  sendBytes(reply, status, [...head, ...headers], body)
}

async function load(
  handler: RouteHandlerMethod,
  request: FastifyRequest,
  reply: FastifyReply,
  { minimum, changesAt }: LoadContext,
): Promise<CachedResponse> {
  request.leastPosition = minimum
  request.changesAt = null
  const payload: unknown = await handler.call(request.server, request, reply)
  if (payload === undefined || payload === reply) {
    throw new Error('the handler of a cached route returns its answer and does not send it')
  }
  if (request.changesAt !== null) changesAt(Date.parse(request.changesAt))
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
