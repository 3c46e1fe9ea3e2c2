import type { FastifyRequest, RouteOptions } from 'fastify'
import type { Ttl } from '../ttl.ts'
import { canonicalAddress } from './canonical-address.ts'

/** A request before its validation: parameters are text, and whatever the client likes. */
export type UnvalidatedRequest = FastifyRequest<{
  Params: Record<string, string>
  Querystring: Record<string, string | string[] | undefined>
}>

/** All that a key may be made of, in one spelling: what `canonicalAddress` makes of a request. */
export type RequestAddress = Pick<UnvalidatedRequest, 'url' | 'params' | 'query'>

/** How the answers of a GET route are cached. What is cached is a 200 that the handler returned; it sets no headers. */
export interface RouteCache {
  /** What the answer depends on. */
  tags: (request: UnvalidatedRequest) => readonly string[]
  ttl?: Ttl
  staleSeconds?: number
  /**
   * All that the answer depends on besides the caller; path and query unless given. Undefined: this request is not cached. It runs
   * before validation, and what it says of a URL is remembered.
   */
  key?: (address: RequestAddress) => string | undefined
  /** Whether a list without members is kept; it is not unless given. */
  empty?: boolean
  /** Whether many ask for the same; by default those that do not depend on the caller. */
  hot?: boolean
  /** A public route whose answer depends on who asks. Others are per caller anyway, because their handlers decide by the caller. */
  perCaller?: boolean
  /**
   * For a route that is not public, and whose answer is the same for all who may have it: throws for everybody else. It runs before
   * any answer is given, kept or new, and before validation. With it one answer is kept for all.
   */
  admit?: (request: UnvalidatedRequest) => void
}

/** The tags that a write outdates. `answer` is what the handler returned; undefined when it failed and may have written. */
export type RouteInvalidates = (request: FastifyRequest, answer: unknown) => readonly string[]

declare module 'fastify' {
  interface FastifyContextConfig {
    cache?: RouteCache
    /** Evaluated after the handler and before its answer is sent. */
    invalidates?: RouteInvalidates
  }
}

/** @throws Error at the start, for a declaration that cannot work */
export function checkDeclaration(route: RouteOptions): void {
  const refuse = (reason: string): never => {
    throw new Error(`route ${String(route.method)} ${route.url} ${reason}`)
  }
  const { cache, invalidates } = route.config ?? {}
  const reads = route.method === 'GET' || route.method === 'HEAD'
  if (cache !== undefined && !reads) refuse('is not a GET and cannot be cached')
  if (invalidates !== undefined && reads) refuse('only reads and cannot invalidate')
  const { operationId } = (route.schema ?? {}) as { operationId?: string }
  if (cache !== undefined && !operationId) refuse('is cached and has no schema.operationId')
  if (cache?.admit !== undefined && (cache.perCaller || route.config?.access === 'public'))
    refuse('keeps one answer for those whom it admits, and so is neither public nor per caller')
}

/** Maps a request to the key of its answer, made of everything that the answer depends on; undefined for one that is not cached. */
export function keyFunction(route: RouteOptions): (request: UnvalidatedRequest) => string | undefined {
  const { cache, access } = route.config ?? {}
  const { operationId } = route.schema as { operationId: string }
  const perCaller = isPerCaller(cache, access)
  const ownPart = cache?.key ?? ((address: RequestAddress) => address.url)
  const addressOf = canonicalAddress(route)
  return (request) => {
    const own = ownPart(addressOf(request))
    if (own === undefined) return undefined
    return perCaller ? `${operationId}:${request.caller?.userId ?? ''}:${own}` : `${operationId}:${own}`
  }
}

/** Whether the answers of a route depend on the caller: unless it is public, or says whom it admits, and does not say otherwise. */
export function isPerCaller(cache: RouteCache | undefined, access: string | undefined): boolean {
  return access === 'public' ? cache?.perCaller === true : cache?.admit === undefined
}
