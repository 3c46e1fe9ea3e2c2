import { createAccessTokens } from '@comanda/access'
import { watchSessionRevocations } from '@comanda/access/sessions'
import { createCache } from '@comanda/cache'
import { createCatalogueChanges } from '@comanda/events/catalogue'
import { createEventWake } from '@comanda/events/wake'
import { addTiming, redisPrefix } from '@comanda/service'
import { createEditCatalogue } from './catalogue/edit-catalogue.ts'
import type { Dependencies } from './dependencies.ts'
import { createFeedStreams } from './feed/feed-streams.ts'
import { createOrderChanges } from './orders/order-changes.ts'
import { createCardPayments } from './payments/card-payments.ts'
import { version } from './version.ts'

/** Makes what several features share, once per process. `close` ends what was begun here, and leaves pools and connections open. */
export async function wire({ config, log, metrics, database, redis, subscriber, providers }: Dependencies) {
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
  const streams = createFeedStreams({ database, revocations, log, metrics })
  return {
    cache,
    cards,
    changes,
    edit,
    orderChanges,
    revocations,
    streams,
    tokens,
    close: async () => {
      await revocations.close()
      await changes.close()
      await cache.close()
    },
  }
}
