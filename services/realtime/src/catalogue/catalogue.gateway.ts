import { accessErrors } from '@comanda/access'
import type { Database } from '@comanda/database'
import { CatalogueSubscription, catalogueNamespace } from '@comanda/events'
import { catalogueRelayEvent } from '@comanda/events/relay'
import type { Logger, Metrics } from '@comanda/service'
import type { Config } from '../config.ts'
import { createAnswer } from '../sockets/answer.ts'
import type { SocketAuthentication } from '../sockets/authenticate-sockets.ts'
import { createFollow } from '../sockets/follow.ts'
import { gatherReads } from '../sockets/gather-reads.ts'
import type { Sockets } from '../sockets/sockets.ts'
import { startPolling } from '../sockets/start-polling.ts'
import { catalogueRoom, createAnnouncements } from './announcements.ts'
import { listNewestChanges } from './catalogue.repository.ts'

export interface CatalogueGatewayDependencies {
  config: Config
  log: Logger
  metrics: Metrics
  database: Database
  authentication: SocketAuthentication
}

/**
 * The namespace `/catalog`: screens that show a menu learn when it changes. Menus are public, so anonymous clients may follow
 * them. Polling the versions of the menus that are followed finds the changes whose messages Redis lost.
 */
export function catalogueGateway(
  server: Sockets,
  { config, log, metrics, database, authentication }: CatalogueGatewayDependencies,
): { close: () => Promise<void> } {
  const sockets = server.of(catalogueNamespace)
  const { answer, onlyKnown } = createAnswer({ log, metrics })
  const { follow, leave } = createFollow(config.SOCKET_SUBSCRIPTIONS)
  const { announce, followed } = createAnnouncements(sockets, metrics)

  // A standby that lags would answer a version that other sockets already know to be outdated.
  const list = (ids: readonly string[]) => database.read('primary', (db) => listNewestChanges(db, ids))
  const find = gatherReads(async (ids) => new Map((await list(ids)).map((one) => [one.cafeteriaId, one])))

  authentication.guard(sockets, { anonymous: true })
  sockets.on(catalogueRelayEvent, announce)

  const subscribe = answer('catalog:subscribe', CatalogueSubscription, (socket, { cafeteriaId }) =>
    follow(socket, catalogueRoom(cafeteriaId), async () => {
      const newest = await find(cafeteriaId)
      if (newest === undefined) throw accessErrors.cafeteria_not_found()
      return { version: newest.version }
    }),
  )
  const unsubscribe = answer('catalog:unsubscribe', CatalogueSubscription, (socket, { cafeteriaId }) =>
    leave(socket, catalogueRoom(cafeteriaId)),
  )
  sockets.on('connection', (socket) => {
    socket.use(onlyKnown)
    socket.on('catalog:subscribe', subscribe)
    socket.on('catalog:unsubscribe', unsubscribe)
  })

  async function poll(): Promise<void> {
    const ids = followed()
    if (ids.length === 0) return
    for (const changed of await list(ids)) announce(changed)
  }
  const { stop } = startPolling({ poll, everySeconds: config.FEED_WATCH_SECONDS, watched: 'catalogues', log })
  return { close: stop }
}
