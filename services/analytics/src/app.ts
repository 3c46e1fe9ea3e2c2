import { openSessions } from '@comanda/access/sessions'
import { createServiceCache } from '@comanda/cache'
import { cachedResponses } from '@comanda/cache/responses'
import { databaseChecks } from '@comanda/database'
import { buildService, redisPrefix, type Service } from '@comanda/service'
import { apiDescription } from './api-description.ts'
import { customers } from './customers/customers.routes.ts'
import { dashboard } from './dashboard/dashboard.routes.ts'
import type { Dependencies } from './dependencies.ts'
import { overview } from './overview/overview.routes.ts'
import { payments } from './payments/payments.routes.ts'
import { pickupKinds } from './pickup-kinds/pickup-kinds.routes.ts'
import { preparation } from './preparation/preparation.routes.ts'
import { products } from './products/products.routes.ts'
import { promises } from './promises/promises.routes.ts'
import { reports } from './reports/reports.routes.ts'
import { statuses } from './statuses/statuses.routes.ts'
import { summary } from './summary/summary.routes.ts'
import { timeline } from './timeline/timeline.routes.ts'
import { version } from './version.ts'
import { visits } from './visits/visits.routes.ts'

/** The analytics API, ready to listen. */
export async function buildApp(dependencies: Dependencies): Promise<Service> {
  const { config, log, metrics, tracing, database, redis, subscriber } = dependencies
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
    tracing,
    redis,
    redisPrefix: redisPrefix(config),
    authenticate,
    health: databaseChecks(database),
    openapi: apiDescription,
  })
  const cache = createServiceCache({
    name: 'analytics',
    version,
    config,
    redis: app.redis,
    subscriber,
    metrics,
    log,
  })
  app.addHook('onClose', async () => {
    await revocations.close()
    await cache.close()
  })
  await app.register(cachedResponses, { cache })

  summary(app, { database })
  visits(app, { database })
  timeline(app, { database })
  products(app, { database })
  statuses(app, { database })
  payments(app, { database })
  preparation(app, { database })
  promises(app, { database })
  customers(app, { database })
  pickupKinds(app, { database })
  overview(app, { database })
  dashboard(app, { database })
  reports(app, { database, revocations })
  return app
}
