import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from '@fastify/rate-limit'
import type { Limiter } from './limiter.ts'
import type { LimitPolicy } from './policies.ts'

/**
 * The limiter as a store of @fastify/rate-limit. The plugin makes one child per route and refuses when `current` is over
 * the limit; routes that share a policy share its count, because the policy names the key.
 */
export function storeOf(limiter: Limiter): FastifyRateLimitStoreCtor {
  return class SlidingWindowStore implements FastifyRateLimitStore {
    readonly #policy: LimitPolicy | undefined

    constructor(options: object) {
      this.#policy = (options as { policy?: LimitPolicy }).policy
    }

    incr(
      key: string,
      callback: (error: Error | null, result?: { current: number; ttl: number }) => void,
    ): void {
      const policy = this.#policy as LimitPolicy
      limiter.take(policy, key).then(({ granted, used, resetMs }) => {
        callback(null, { current: granted === 0 ? policy.max + 1 : used, ttl: resetMs })
      }, callback)
    }

    child(options: object): FastifyRateLimitStore {
      return new SlidingWindowStore(options)
    }
  }
}
