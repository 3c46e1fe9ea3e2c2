import { createAccessTokens } from '@comanda/access'
import { createAuthenticate, watchSessionRevocations } from '@comanda/access/sessions'
import { type Database, databaseChecks, databaseOptions } from '@comanda/database'
import { createEventWake } from '@comanda/events/wake'
import { createPaymentProvider } from '@comanda/payments'
import { buildService, type Logger, type Metrics, type Redis, type Service } from '@comanda/service'
import { accounts } from './accounts/accounts.plugin.ts'
import { apiDescription } from './api-description.ts'
import { cafeterias } from './cafeterias/cafeterias.routes.ts'
import { createCatalogueChanges } from './catalogue/catalogue-changes.ts'
import { createEditCatalogue } from './catalogue/edit-catalogue.ts'
import { categories } from './categories/categories.routes.ts'
import type { Config } from './config.ts'
import { consistencyTokens } from './consistency/consistency-tokens.plugin.ts'
import { feed } from './feed/feed.routes.ts'
import { createFeedStreams } from './feed/feed-streams.ts'
import { hours } from './hours/hours.routes.ts'
import { mealtimes } from './mealtimes/mealtimes.routes.ts'
import { members } from './members/members.plugin.ts'
import { menu } from './menu/menu.routes.ts'
import { modifierGroups } from './modifier-groups/modifier-groups.routes.ts'
import { orders } from './orders/orders.plugin.ts'
import { createCardPayments } from './payments/card-payments.ts'
import { payments } from './payments/payments.plugin.ts'
import { products } from './products/products.routes.ts'
import { scheduleExceptions } from './schedule-exceptions/schedule-exceptions.routes.ts'
import { settings } from './settings/settings.routes.ts'
import { slots } from './slots/slots.routes.ts'
import { version } from './version.ts'
import { wallet } from './wallet/wallet.routes.ts'

export interface AppDependencies {
  config: Config
  log: Logger
  metrics: Metrics
  database: Database
  redis: Redis
}

/** The orders API, ready to listen. Closing it closes the database and Redis too. */
export async function buildApp({ config, log, metrics, database, redis }: AppDependencies): Promise<Service> {
  const tokens = createAccessTokens({ secret: config.ACCESS_TOKEN_SECRET })
  const revocations = await watchSessionRevocations({
    database,
    lifetimeSeconds: tokens.lifetimeSeconds,
    log,
  })
  const changes = createCatalogueChanges({ database, redis, log, metrics })
  const edit = createEditCatalogue(database, changes)
  const provider = createPaymentProvider(config)
  const { wake } = createEventWake(redis)
  const cards = createCardPayments({
    database,
    wake,
    provider,
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
    authenticate: createAuthenticate(tokens, revocations),
    health: databaseChecks(database, databaseOptions(config, 'orders')),
    openapi: apiDescription,
  })
  app.addHook('onClose', async () => {
    await revocations.close()
    await changes.close()
    await database.close()
  })

  await app.register(consistencyTokens, { position: database.position })

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
  await settings(app, { database, currency: config.WALLET_CURRENCY })
  await orders(app, {
    database,
    changes,
    wake,
    cardProvider: cards.provider,
    authorizeOrder: cards.authorizeOrder,
  })
  const streams = createFeedStreams({ database, revocations, log, metrics })
  await feed(app, { database, tokens, streams })
  await payments(app, { database, cards, provider })
  await wallet(app, { database, cards, currency: config.WALLET_CURRENCY })
  return app
}
