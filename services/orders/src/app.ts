import { openSessions } from '@comanda/access/sessions'
import { cachedResponses } from '@comanda/cache/responses'
import { databaseChecks } from '@comanda/database'
import { buildService, redisPrefix, type Service, uncountedAttempts } from '@comanda/service'
import { accounts } from './accounts/accounts.plugin.ts'
import { apiDescription } from './api-description.ts'
import { auditLog } from './audit-log/audit-log.routes.ts'
import { cacheRoutes } from './cache/cache.routes.ts'
import { cafeterias } from './cafeterias/cafeterias.routes.ts'
import { categories } from './categories/categories.routes.ts'
import { consistencyHeader } from './consistency/consistency.schema.ts'
import { consistencyTokens } from './consistency/consistency-tokens.plugin.ts'
import { customers } from './customers/customers.routes.ts'
import type { Dependencies } from './dependencies.ts'
import { feed } from './feed/feed.routes.ts'
import { hours } from './hours/hours.routes.ts'
import { invitations } from './invitations/invitations.plugin.ts'
import { mealtimes } from './mealtimes/mealtimes.routes.ts'
import { members } from './members/members.plugin.ts'
import { menu } from './menu/menu.routes.ts'
import { modifierGroups } from './modifier-groups/modifier-groups.routes.ts'
import { orders } from './orders/orders.plugin.ts'
import { payments } from './payments/payments.plugin.ts'
import { products } from './products/products.routes.ts'
import { quotes } from './quotes/quotes.routes.ts'
import { scheduleExceptions } from './schedule-exceptions/schedule-exceptions.routes.ts'
import { settings } from './settings/settings.routes.ts'
import { slots } from './slots/slots.routes.ts'
import { topProducts } from './top-products/top-products.routes.ts'
import { version } from './version.ts'
import { wallet } from './wallet/wallet.routes.ts'
import { wire } from './wiring.ts'

/** The orders API, ready to listen. */
export async function buildApp(dependencies: Dependencies): Promise<Service> {
  const { config, log, metrics, tracing, database, redis, providers } = dependencies
  const { tokens, revocations, authenticate } = await openSessions({
    secret: config.ACCESS_TOKEN_SECRET,
    database,
    log,
  })
  const app = await buildService({
    name: 'orders',
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
  app.addHook('onClose', () => revocations.close())
  const { cache, cards, changes, edit, orderChanges, streams } = wire(app, dependencies, { revocations })

  await app.register(consistencyTokens, { position: database.position })
  await app.register(cachedResponses, {
    cache,
    readPosition: (headers) => headers[consistencyHeader] as string | undefined,
    writePosition: (request) => request.writePosition,
  })

  await accounts(app, { database, tokens, revocations, attempts: app.attempts ?? uncountedAttempts })
  await members(app, { database, revocations })
  await invitations(app, { database, revocations })
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
  await settings(app, { database, edit, currency: config.WALLET_CURRENCY })
  await orders(app, {
    database,
    changes,
    orderChanges,
    cardProvider: cards.provider,
    authorizeOrder: cards.authorizeOrder,
  })
  await quotes(app, { database })
  await customers(app, { database })
  await auditLog(app, { database })
  await cacheRoutes(app, { cache, database, enabled: config.CACHE === 'on' })
  await feed(app, { database, tokens, streams })
  await payments(app, { database, cards, providers })
  await wallet(app, { database, cards, currency: config.WALLET_CURRENCY })
  return app
}
