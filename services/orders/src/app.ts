import { createAccessTokens } from '@comanda/access'
import { createAuthenticate, watchSessionRevocations } from '@comanda/access/sessions'
import { createCache } from '@comanda/cache'
import { cachedResponses } from '@comanda/cache/responses'
import { type Database, databaseChecks, databaseOptions } from '@comanda/database'
import { createCatalogueChanges } from '@comanda/events/catalogue'
import { createEventWake } from '@comanda/events/wake'
import type { PaymentProviders } from '@comanda/payments'
import {
  addTiming,
  buildService,
  type Logger,
  type Metrics,
  type Redis,
  redisPrefix,
  type Service,
} from '@comanda/service'
import { accounts } from './accounts/accounts.plugin.ts'
import { apiDescription } from './api-description.ts'
import { cacheRoutes } from './cache/cache.routes.ts'
import { cafeterias } from './cafeterias/cafeterias.routes.ts'
import { createEditCatalogue } from './catalogue/edit-catalogue.ts'
import { categories } from './categories/categories.routes.ts'
import type { Config } from './config.ts'
import { consistencyHeader } from './consistency/consistency.schema.ts'
import { consistencyTokens } from './consistency/consistency-tokens.plugin.ts'
import { customers } from './customers/customers.routes.ts'
import { feed } from './feed/feed.routes.ts'
import { createFeedStreams } from './feed/feed-streams.ts'
import { hours } from './hours/hours.routes.ts'
import { mealtimes } from './mealtimes/mealtimes.routes.ts'
import { members } from './members/members.plugin.ts'
import { menu } from './menu/menu.routes.ts'
import { modifierGroups } from './modifier-groups/modifier-groups.routes.ts'
import { createOrderChanges } from './orders/order-changes.ts'
import { orders } from './orders/orders.plugin.ts'
import { createCardPayments } from './payments/card-payments.ts'
import { payments } from './payments/payments.plugin.ts'
import { products } from './products/products.routes.ts'
import { scheduleExceptions } from './schedule-exceptions/schedule-exceptions.routes.ts'
import { settings } from './settings/settings.routes.ts'
import { slots } from './slots/slots.routes.ts'
import { topProducts } from './top-products/top-products.routes.ts'
import { version } from './version.ts'
import { wallet } from './wallet/wallet.routes.ts'

export interface AppDependencies {
  config: Config
  log: Logger
  metrics: Metrics
  database: Database
  redis: Redis
  /** Of `createRedisSubscriber`. */
  subscriber: Redis
  providers: PaymentProviders
}

/** The orders API, ready to listen. Closing it closes the database and Redis too. */
export async function buildApp(dependencies: AppDependencies): Promise<Service> {
  const { config, log, metrics, database, redis, subscriber, providers } = dependencies
  const prefix = redisPrefix(config)
  const tokens = createAccessTokens({ secret: config.ACCESS_TOKEN_SECRET })
  const revocations = await watchSessionRevocations({
    database,
    lifetimeSeconds: tokens.lifetimeSeconds,
    log,
  })
  const cache = createCache({
    config,
    redis,
    subscriber,
    namespace: `orders-${version}`,
    space: `${prefix}:cache`,
    metrics,
    log,
    addTiming: (milliseconds) => addTiming('cache', milliseconds),
  })
  const changes = createCatalogueChanges({ database, cache, redis, redisPrefix: prefix, log, metrics })
  const edit = createEditCatalogue(database, changes)
  const orderChanges = createOrderChanges({ cache, wake: createEventWake(redis, prefix).wake })
  const cards = createCardPayments({
    database,
    orderChanges,
    provider: providers.forNewPayments,
    timeoutSeconds: config.PAYMENT_TIMEOUT_SECONDS,
    metrics,
  })
  const app = await buildService({
    name: 'orders',
    version,
    config,
    log,
    metrics,
    redis,
    redisPrefix: prefix,
    authenticate: createAuthenticate(tokens, revocations),
    health: databaseChecks(database, databaseOptions(config, 'orders')),
    openapi: apiDescription,
  })
  app.addHook('onClose', async () => {
    await revocations.close()
    await changes.close()
    await cache.close()
    subscriber.disconnect()
    await database.close()
  })

  await app.register(consistencyTokens, { position: database.position })
  await app.register(cachedResponses, {
    cache,
    readPosition: (headers) => headers[consistencyHeader] as string | undefined,
    writePosition: (request) => request.writePosition,
  })

  await accounts(app, { database, tokens, revocations })
  await members(app, { database, revocations })
  await cafeterias(app, { database, edit })
  await scheduleExceptions(app, { database, edit })
  await hours(app, { database, edit })
  await slots(app, { database })
  await categories(app, { database, edit })
  await mealtimes(app, { database, edit })
  await modifierGroups(app, { database, edit })
  await products(app, { database, edit, changes })
  await menu(app, { database })
  await topProducts(app, { database })
  await settings(app, { database, currency: config.WALLET_CURRENCY })
  await orders(app, {
    database,
    changes,
    orderChanges,
    cardProvider: cards.provider,
    authorizeOrder: cards.authorizeOrder,
  })
  await customers(app, { database })
  await cacheRoutes(app, { cache, database, enabled: config.CACHE === 'on' })
  const streams = createFeedStreams({ database, revocations, log, metrics })
  await feed(app, { database, tokens, streams })
  await payments(app, { database, cards, providers })
  await wallet(app, { database, cards, currency: config.WALLET_CURRENCY })
  return app
}
