import { once } from 'node:events'
import type { BaseConfig } from '../config/load-config.ts'
import { startMetricsServer } from '../metrics/metrics-server.ts'
import type { Service } from '../service.ts'
import { shutDownOnSignals } from './shut-down.ts'

type StartConfig = Pick<
  BaseConfig,
  'HOST' | 'PORT' | 'METRICS_PORT' | 'SHUTDOWN_DEADLINE_SECONDS' | 'SHUTDOWN_DRAIN_SECONDS'
>

/**
 * Listens on the port of the API and the port of the metrics and stops on SIGTERM and SIGINT. Returns the ports, which
 * matter when they were given as 0. Rejects when a port is taken.
 */
export async function startService(
  app: Service,
  config: StartConfig,
): Promise<{ port: number; metricsPort: number }> {
  const metrics = await startMetricsServer(app.metrics, {
    host: config.HOST,
    port: config.METRICS_PORT ?? config.PORT + 100,
  })
  app.addHook('onClose', async () => {
    metrics.server.close()
    await once(metrics.server, 'close')
  })
  await app.listen({ host: config.HOST, port: config.PORT })
  const port = (app.server.address() as { port: number }).port
  shutDownOnSignals(app, {
    deadlineMs: config.SHUTDOWN_DEADLINE_SECONDS * 1000,
    drainMs: config.SHUTDOWN_DRAIN_SECONDS * 1000,
  })
  app.log.info({ port, metricsPort: metrics.port }, 'service started')
  return { port, metricsPort: metrics.port }
}
