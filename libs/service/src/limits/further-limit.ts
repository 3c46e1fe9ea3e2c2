import type { FastifyReply, FastifyRequest } from 'fastify'
import { platformErrors } from '../problems/platform.errors.ts'
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
    const { granted, used, resetMs } = await limiter.take(policy, limitKey(request, policy.scope))
    const resetSeconds = Math.ceil(resetMs / 1000)
    reply.header('ratelimit-limit', policy.max)
    reply.header('ratelimit-remaining', Math.max(0, policy.max - used))
    reply.header('ratelimit-reset', resetSeconds)
    if (granted > 0) return
    throw platformErrors.rate_limited(undefined, { retryAfterSeconds: Math.max(1, resetSeconds) })
  }
}
