import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { Cache } from '../cache.ts'
import { anyPosition, type ConsistencyToken } from '../coherence/tags.ts'
import type { RouteInvalidates } from './route-cache.ts'

export interface InvalidatingHandlerOptions {
  cache: Cache
  /** The position of what the handler committed. */
  writePosition: (request: FastifyRequest) => ConsistencyToken | undefined
}

/** Outdates what a write has changed, after it is committed and before its client gets the answer. */
export function invalidateAfter(
  route: RouteOptions,
  invalidates: RouteInvalidates,
  { cache, writePosition }: InvalidatingHandlerOptions,
): void {
  const handler = route.handler
  const invalidate = (request: FastifyRequest, answer: unknown) =>
    cache.invalidateTags(invalidates(request, answer), { after: writePosition(request) ?? anyPosition })

  route.handler = async function invalidatingHandler(request: FastifyRequest, reply: FastifyReply) {
    let answer: unknown
    try {
      answer = await handler.call(this, request, reply)
    } catch (error) {
      if (mayHaveWritten(error)) await invalidate(request, undefined)
      throw error
    }
    await invalidate(request, answer)
    return answer
  }
}

/** A refusal has changed nothing; any other failure may have come after the commit, or in the middle of it. */
function mayHaveWritten(error: unknown): boolean {
  const { status, statusCode } = (error ?? {}) as { status?: number; statusCode?: number }
  return (status ?? statusCode ?? 500) >= 500
}
