import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify from 'fastify'
import { type Authenticate, authenticationPlugin } from './access/authentication.plugin.ts'
import { routeRulesPlugin } from './access/route-rules.plugin.ts'
import { compressionPlugin } from './compression/compression.plugin.ts'
import type { BaseConfig } from './config/load-config.ts'
import { unreadBodyPlugin } from './connections/unread-body.plugin.ts'
import { fastPathPlugin } from './fast-path/fast-path.plugin.ts'
import { eventLoopCheck, memoryCheck, redisCheck } from './health/built-in-checks.ts'
import { registerHealthRoutes } from './health/health.routes.ts'
import type { HealthCheck } from './health/health-check.ts'
import { inputPlugin } from './input/input.plugin.ts'
import { limitsPlugin } from './limits/limits.plugin.ts'
import { oneWayToPagePlugin } from './lists/one-way-to-page.plugin.ts'
import { createLogger, type Logger } from './logging/logger.ts'
import { requestLogPlugin } from './logging/request-log.plugin.ts'
import { httpMetricsPlugin } from './metrics/http-metrics.plugin.ts'
import { createMetrics, type Metrics } from './metrics/metrics.ts'
import { type OpenApiOptions, openapiPlugin } from './openapi/openapi.plugin.ts'
import { overloadPlugin } from './overload/overload.plugin.ts'
import { allowedMethods } from './problems/allowed-methods.ts'
import { sendProblem } from './problems/error-handler.ts'
import { refuseUnknownRoutes } from './problems/not-found.ts'
import type { Redis } from './redis/create-redis.ts'
import { redisPlugin } from './redis/redis.plugin.ts'
import { createClientFilter } from './security/client-filter.ts'
import { securityPlugin } from './security/security.plugin.ts'
import { serverOptions } from './server-options.ts'
import type { Service } from './service.ts'
import { drainingPlugin } from './shutdown/draining.plugin.ts'
import { handlerTimeoutPlugin } from './timing/handler-timeout.plugin.ts'
import { timingPlugin } from './timing/timing.plugin.ts'
import { traceCommands } from './tracing/trace-commands.ts'
import { tracingPlugin } from './tracing/tracing.plugin.ts'
import type { Tracing } from './tracing/tracing.ts'

export interface ServiceOptions {
  name: string
  version: string
  config: BaseConfig
  /** Made with `createLogger` when something needs it before the service exists; otherwise it is made here. */
  log?: Logger
  /** Made with `createMetrics` when something needs it before the service exists; otherwise it is made here. */
  metrics?: Metrics
  /** What `openTracing` made; without it nothing is traced. */
  tracing?: Tracing | undefined
  /** Measured, and left open when the service closes. Without it limits are local and health says nothing of Redis. */
  redis?: Redis
  /** `redisPrefix` of the fleet, for what the service itself keeps in Redis. */
  redisPrefix?: string
  /** Without it every caller is a stranger. */
  authenticate?: Authenticate
  /** Checks of what only this service depends on, the database above all. */
  health?: readonly HealthCheck[]
  openapi?: Partial<OpenApiOptions>
  /** Milliseconds above which a request is logged as slow; 500 and 3000 unless given. */
  slow?: { warnMs: number; errorMs: number }
}

/**
 * What every service is made of. The service then registers its features on the instance. Hooks run in the order
 * in which they are registered here: what answers early must come after what every answer carries.
 */
export async function buildService(options: ServiceOptions): Promise<Service> {
  const { name, version, config, authenticate, redis, redisPrefix = 'comanda', tracing } = options
  const log = options.log ?? (await createLogger({ name, config }))
  const metrics = options.metrics ?? createMetrics()
  metrics
    .gauge({
      name: 'service_build_info',
      help: 'Always 1; says which version the process runs',
      labels: ['version'],
    })
    .set({ version }, 1)
  const slow = options.slow ?? { warnMs: 500, errorMs: 3000 }
  // @fastify/redis is given a cluster, which its type of `redis` does not know.
  const app = fastify(serverOptions(config, log, tracing)).withTypeProvider<TypeBoxTypeProvider>() as Service

  const methodsOf = allowedMethods(app)
  app.decorateRequest('failure', null)
  app.setErrorHandler(sendProblem)
  // Fastify would take text as a body; here a body is JSON.
  app.removeContentTypeParser('text/plain')
  // It is registered before all other plugins, because its time covers their hooks too.
  await app.register(handlerTimeoutPlugin, { milliseconds: config.HANDLER_TIMEOUT_SECONDS * 1000 })
  if (redis !== undefined)
    await app.register(redisPlugin, { redis, metrics, onCommand: tracing && traceCommands(tracing) })
  await app.register(requestLogPlugin, { log, ...slow })
  await app.register(timingPlugin)
  await app.register(tracingPlugin, { tracing })
  await app.register(drainingPlugin)
  await app.register(httpMetricsPlugin, { metrics })
  const isBlocked = createClientFilter(config.BLOCKED_USER_AGENTS)
  await app.register(securityPlugin, {
    origins: config.CORS_ORIGINS,
    urlLimit: config.URL_LIMIT_BYTES,
    isBlocked,
  })
  await app.register(inputPlugin)
  await app.register(unreadBodyPlugin, { bodyLimit: config.BODY_LIMIT_BYTES })
  await app.register(overloadPlugin, {
    eventLoopDelayMs: config.OVERLOAD_EVENT_LOOP_DELAY_MS,
    requestsInFlight: config.OVERLOAD_REQUESTS_IN_FLIGHT,
    metrics,
  })
  await app.register(authenticationPlugin, { authenticate })
  await app.register(routeRulesPlugin)
  await app.register(oneWayToPagePlugin)
  if (config.RATE_LIMITS === 'on') await app.register(limitsPlugin, { config, redis, redisPrefix, metrics })
  await app.register(compressionPlugin)
  await app.register(openapiPlugin, { title: name, version, ...options.openapi })
  refuseUnknownRoutes(app, methodsOf)
  await app.register(fastPathPlugin, {
    trustProxy: config.TRUST_PROXY,
    cors: config.CORS_ORIGINS !== '',
    isBlocked,
    authenticate,
    log,
    metrics,
    slow,
    tracing,
  })

  const eventLoop = eventLoopCheck()
  const checks = [...(options.health ?? []), memoryCheck(), eventLoop]
  if (redis !== undefined) checks.push(redisCheck(redis))
  app.addHook('onClose', async () => eventLoop.stop())
  registerHealthRoutes(app, { name, version, checks, timeoutMs: config.HEALTH_TIMEOUT_MS })
  return app
}
