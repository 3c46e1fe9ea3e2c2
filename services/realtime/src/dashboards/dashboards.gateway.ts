import { accessErrors, hasRole, manages } from '@comanda/access'
import type { Database } from '@comanda/database'
import { DashboardSubscription, dashboardNamespace } from '@comanda/events'
import { dashboardRelayEvent } from '@comanda/events/relay'
import { type Logger, type Metrics, platformErrors } from '@comanda/service'
import type { Config } from '../config.ts'
import { createAnswer } from '../sockets/answer.ts'
import type { SocketAuthentication } from '../sockets/authenticate-sockets.ts'
import { createFollow } from '../sockets/follow.ts'
import { gatherReads } from '../sockets/gather-reads.ts'
import type { Sockets } from '../sockets/sockets.ts'
import { listExisting } from './dashboards.repository.ts'
import { createPacedChanges, dashboardRoom } from './paced-changes.ts'

export interface DashboardsGatewayDependencies {
  config: Config
  log: Logger
  metrics: Metrics
  database: Database
  authentication: SocketAuthentication
}

/**
 * The namespace `/dashboard`: managers learn what changes in the numbers of their cafeteria. Gateways know none of these numbers: they
 * pass on what the worker publishes, and clients read the dashboard itself over REST, which refuses the same callers.
 */
export function dashboardsGateway(
  server: Sockets,
  { config, log, metrics, database, authentication }: DashboardsGatewayDependencies,
): { close: () => void } {
  const sockets = server.of(dashboardNamespace)
  const { answer, onlyKnown } = createAnswer({ log, metrics })
  const { follow, leave } = createFollow(config.SOCKET_SUBSCRIPTIONS)
  const { send, stop } = createPacedChanges(sockets)
  const find = gatherReads((ids) => database.read('primary', (db) => listExisting(db, ids)))

  authentication.guard(sockets)
  sockets.on(dashboardRelayEvent, send)

  const subscribe = answer('dashboard:subscribe', DashboardSubscription, (socket, { cafeteriaId }) => {
    const { caller } = socket.data
    if (!hasRole(caller, 'manager')) throw platformErrors.forbidden_role()
    if (!manages(caller, cafeteriaId.toLowerCase())) throw accessErrors.cafeteria_not_found()
    return follow(socket, dashboardRoom(cafeteriaId), async () => {
      if ((await find(cafeteriaId)) === undefined) throw accessErrors.cafeteria_not_found()
      return {}
    })
  })
  const unsubscribe = answer('dashboard:unsubscribe', DashboardSubscription, (socket, { cafeteriaId }) =>
    leave(socket, dashboardRoom(cafeteriaId)),
  )
  sockets.on('connection', (socket) => {
    socket.use(onlyKnown)
    socket.on('dashboard:subscribe', subscribe)
    socket.on('dashboard:unsubscribe', unsubscribe)
  })
  return { close: stop }
}
