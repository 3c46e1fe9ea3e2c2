import type { SessionRevocations } from '@comanda/access/sessions'
import { createServiceCache } from '@comanda/cache'
import { createCatalogueChanges } from '@comanda/events/catalogue'
import { createEventWake } from '@comanda/events/wake'
import { redisPrefix, type Service } from '@comanda/service'
import { createEditCatalogue } from './catalogue/edit-catalogue.ts'
import type { Dependencies } from './dependencies.ts'
import { createFeedStreams } from './feed/feed-streams.ts'
import { createOrderChanges } from './orders/order-changes.ts'
import { createCardPayments } from './payments/card-payments.ts'
import { version } from './version.ts'

/** Makes what several features share, once per process. It ends with the app, and leaves pools and connections open. */
export function wire(
  app: Service,
  { config, log, metrics, database, subscriber, providers }: Dependencies,
  { revocations }: { revocations: SessionRevocations },
) {
  const { redis } = app
  const prefix = redisPrefix(config)
  const cache = createServiceCache({ name: 'orders', version, config, redis, subscriber, metrics, log })
  const changes = createCatalogueChanges({ database, cache, redis, redisPrefix: prefix, log, metrics })
  const edit = createEditCatalogue(database, changes)
  const orderChanges = createOrderChanges({ cache, wake: createEventWake(redis, prefix).wake })
  const cards = createCardPayments({
    database,
    changes,
    orderChanges,
    provider: providers.forNewPayments,
    timeoutSeconds: config.PAYMENT_TIMEOUT_SECONDS,
    metrics,
  })
  const streams = createFeedStreams({
    database,
    revocations,
    log,
    metrics,
    mostWaiting: config.FEED_BUFFERS_BYTES,
  })
  app.addHook('onClose', async () => {
    await changes.close()
    await cache.close()
  })
  return { cache, cards, changes, edit, orderChanges, streams }
}
