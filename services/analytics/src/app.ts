import { openSessions } from '@comanda/access/sessions'
import { createCache } from '@comanda/cache'
import { cachedResponses } from '@comanda/cache/responses'
import { databaseChecks } from '@comanda/database'
import { addTiming, buildService, redisPrefix, type Service } from '@comanda/service'
import { apiDescription } from './api-description.ts'
import type { Dependencies } from './dependencies.ts'
import { version } from './version.ts'

/** The analytics API, ready to listen. */
export async function buildApp(dependencies: Dependencies): Promise<Service> {
  const { config, log, metrics, database, redis, subscriber } = dependencies
  const prefix = redisPrefix(config)
  const { revocations, authenticate } = await openSessions({
    secret: config.ACCESS_TOKEN_SECRET,
    database,
    need: 'analytics',
    log,
  })
  const app = await buildService({
    name: 'analytics',
    version,
    config,
    log,
    metrics,
    redis,
    redisPrefix: prefix,
    authenticate,
    health: databaseChecks(database),
    openapi: apiDescription,
  })
  const cache = createCache({
    config,
    redis: app.redis,
    subscriber,
    namespace: `analytics-${version}`,
    space: `${prefix}:cache`,
    metrics,
    log,
    addTiming: (milliseconds) => addTiming('cache', milliseconds),
  })
  app.addHook('onClose', async () => {
    await revocations.close()
    await cache.close()
  })
  await app.register(cachedResponses, { cache })
  return app
}
