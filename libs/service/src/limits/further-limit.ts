import type { FastifyReply, FastifyRequest } from 'fastify'
import { limitValues, rateLimited } from './limit-answers.ts'
import { limitKey } from './limit-key.ts'
import type { Limiter } from './limiter.ts'
import type { LimitName, LimitPolicy } from './policies.ts'

/** A second limit of a route, for those of its requests that do what the limit is about. */
export interface FurtherLimit {
  name: LimitName
  /** Whether a request counts, by what it asks for; its body is read and valid. */
  counts: (request: FastifyRequest) => boolean
}

/**
 * Makes a hook that counts the requests of a route against its second limit, which they share with the routes whose `limit` it is.
 * The `RateLimit-*` headers of those requests are about this limit.
 */
export function countFurther({ counts }: FurtherLimit, policy: LimitPolicy, limiter: Limiter) {
  return async function countRequest(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    if (!counts(request)) return
    const verdict = await limiter.take(policy, limitKey(request, policy.scope))
    const { limit, remaining, reset } = limitValues(policy, verdict)
    reply.header('ratelimit-limit', limit)
    reply.header('ratelimit-remaining', remaining)
    reply.header('ratelimit-reset', reset)
    if (verdict.granted === 0) throw rateLimited(verdict.resetMs)
  }
}
