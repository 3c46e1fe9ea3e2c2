import { databaseChecks } from '@comanda/database'
import { buildService, redisPrefix, type Service } from '@comanda/service'
import { catalogueGateway } from './catalogue/catalogue.gateway.ts'
import { dashboardsGateway } from './dashboards/dashboards.gateway.ts'
import type { Dependencies } from './dependencies.ts'
import { ordersGateway } from './orders/orders.gateway.ts'
import { authenticateSockets } from './sockets/authenticate-sockets.ts'
import { drainSockets } from './sockets/drain-sockets.ts'
import { openSockets } from './sockets/open-sockets.ts'
import { version } from './version.ts'

/** The gateway, ready to listen. Closing it sends its sockets away. */
export async function buildApp(dependencies: Dependencies): Promise<Service> {
  const { config, log, metrics, tracing, database, redis, subscriber } = dependencies
  const app = await buildService({
    name: 'realtime',
    version,
    config,
    log,
    metrics,
    tracing,
    redis,
    redisPrefix: redisPrefix(config),
    health: databaseChecks(database),
    openapi: { title: 'comanda realtime', description: 'Health of the gateway; its API is sockets.' },
  })
  const sockets = openSockets(app, { config, metrics, subscriber })
  const authentication = await authenticateSockets({ config, log, database })
  const orders = ordersGateway(sockets, { config, log, metrics, tracing, database, authentication })
  const catalogue = catalogueGateway(sockets, { config, log, metrics, database, authentication })
  const dashboards = dashboardsGateway(sockets, { config, log, metrics, database, authentication })
  // Sockets are drained before the listener closes, because that waits for every connection.
  app.addHook('preClose', () => drainSockets(sockets, config.SOCKET_DRAIN_SECONDS * 1000))
  app.addHook('onClose', async () => {
    await authentication.close()
    await orders.close()
    await catalogue.close()
    dashboards.close()
  })
  return app
}
