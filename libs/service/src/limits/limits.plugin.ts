import rateLimit, { type RateLimitOptions } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import type { Metrics } from '../metrics/metrics.ts'
import type { Redis } from '../redis/create-redis.ts'
import { type Attempts, createAttempts } from './attempts.ts'
import { countFurther } from './further-limit.ts'
import { limitValues, rateLimited } from './limit-answers.ts'
import { addressKey, limitKey } from './limit-key.ts'
import { createLimiter } from './limiter.ts'
import { type LimitName, type LimitPolicy, limitPolicies } from './policies.ts'
import { storeOf } from './rate-limit-store.ts'
import { redisAttemptCounts } from './redis-attempt-counts.ts'
import { redisSlidingWindow, type Verdict } from './sliding-window.ts'

export interface LimitsOptions {
  config: object
  redis: Redis | undefined
  redisPrefix: string
  metrics: Metrics
}

/** Applies the limit that each route names, with `RateLimit-*` headers, and answers 429 as a problem. */
async function limits(app: FastifyInstance, { config, redis, redisPrefix, metrics }: LimitsOptions) {
  const policies = limitPolicies(config)
  const fallbacks = metrics.counter({
    name: 'rate_limit_fallbacks_total',
    help: 'Times a local limit replaced Redis',
  })
  const onFallback = (err: unknown) => {
    fallbacks.inc()
    app.log.warn({ err }, 'rate limits are local while redis is away')
  }
  const limiter = createLimiter({
    shared: redis === undefined ? undefined : redisSlidingWindow(redis, redisPrefix),
    onFallback,
  })
  const attempts = createAttempts({
    shared: redis === undefined ? undefined : redisAttemptCounts(redis, redisPrefix),
    onFallback,
  })
  app.decorate('attempts', attempts)

  /** Logins name their account in the body; what an address sends is counted before that is read. */
  async function countLogin({ ip }: FastifyRequest): Promise<void> {
    const { granted, resetMs } = await limiter.take(policies.loginAddress, addressKey(ip))
    if (granted === 0) throw rateLimited(resetMs)
  }

  // Before the plugin's own hook, which reads what this one writes.
  app.addHook('onRoute', (route: RouteOptions) => {
    const limit = route.config?.limit
    if (limit !== undefined && limit !== 'none') {
      const policy = policies[limit]
      route.config = { ...route.config, rateLimit: routeLimit(policy) }
      if (policy.scope === 'account') route.onRequest = [countLogin, ...[route.onRequest ?? []].flat()]
    }
    const further = route.config?.furtherLimit
    if (further !== undefined) {
      const hooks = [route.preHandler ?? []].flat()
      route.preHandler = [countFurther(further, policies[further.name], limiter), ...hooks]
    }
  })
  await app.register(rateLimit, {
    global: false,
    enableDraftSpec: true,
    store: storeOf(limiter),
    errorResponseBuilder: (_request, { ttl }) => rateLimited(ttl),
  })
  app.decorate('takeLimitNow', (name, address) => {
    const policy = policies[name]
    if (policy.scope !== 'address') return undefined
    const verdict = limiter.takeNow(policy, addressKey(address))
    return verdict === undefined || verdict.granted === 0 ? undefined : limitHeaders(policy, verdict)
  })
  app.decorate('unknownRouteLimit', app.rateLimit(routeLimit(policies.publicRead)))
}

declare module 'fastify' {
  interface FastifyInstance {
    /** What makes whoever fails to log in wait longer each time; undefined when limits are off. */
    attempts?: Attempts
    /** The limit of addresses that match no route; undefined when limits are off. */
    unknownRouteLimit?: ReturnType<FastifyInstance['rateLimit']>
    /**
     * Counts a request of an address that can be decided without waiting: its headers, as lines, when it is within the
     * limit. Undefined when it is not, or has to ask; it is not counted then. Undefined itself when limits are off.
     */
    takeLimitNow?: (limit: LimitName, address: string) => string | undefined
  }
}

/** The lines of what the plugin sets, for an answer that it does not see. */
function limitHeaders(policy: LimitPolicy, verdict: Verdict): string {
  const { limit, remaining, reset } = limitValues(policy, verdict)
  return `ratelimit-limit: ${limit}\r\nratelimit-remaining: ${remaining}\r\nratelimit-reset: ${reset}\r\n`
}

/** A login is known by its body, so it is counted as soon as that is read, and before it is validated. */
function routeLimit(policy: LimitPolicy): RateLimitOptions & { policy: LimitPolicy } {
  return {
    policy,
    max: policy.max,
    timeWindow: policy.windowMs,
    hook: policy.scope === 'account' ? 'preValidation' : 'onRequest',
    keyGenerator: (request) => limitKey(request, policy.scope),
  }
}

export const limitsPlugin = fp(limits, {
  fastify: '5.x',
  name: 'comanda-limits',
  dependencies: ['comanda-authentication'],
})
