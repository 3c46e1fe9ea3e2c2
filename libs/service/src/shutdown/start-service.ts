import type { AddressInfo } from 'node:net'
import type { BaseConfig } from '../config/load-config.ts'
import { collectGarbage, keepCompiledCode } from '../engine/end-of-start.ts'
import { startMetricsServer } from '../metrics/metrics-server.ts'
import type { Service } from '../service.ts'
import { shutDownOnSignals } from './shut-down.ts'

type StartConfig = Pick<
  BaseConfig,
  'HOST' | 'PORT' | 'METRICS_PORT' | 'SHUTDOWN_DEADLINE_SECONDS' | 'SHUTDOWN_DRAIN_SECONDS'
>

/**
 * Listens on the port of the API and the port of the metrics, and stops on SIGTERM and SIGINT; `release` then closes what
 * was opened for the app, once the app is closed. Returns the ports, which matter when they were given as 0. Rejects when a port is taken.
 */
export async function startService(
  app: Service,
  config: StartConfig,
  release: () => Promise<void> = async () => undefined,
): Promise<{ port: number; metricsPort: number }> {
  const { HOST: host, PORT, METRICS_PORT = PORT + 100 } = config
  const metrics = await startMetricsServer(app.meter, { host, port: METRICS_PORT })
  // Metrics can be scraped until the last request is answered.
  app.server.once('close', () => metrics.server.close())
  try {
    await app.ready()
    collectGarbage()
    keepCompiledCode()
    await app.listen({ host, port: PORT, listenTextResolver: () => 'listening' })
  } catch (error) {
    metrics.server.close()
    throw error
  }
  const { port } = app.server.address() as AddressInfo
  shutDownOnSignals(app, {
    release,
    deadlineMs: config.SHUTDOWN_DEADLINE_SECONDS * 1000,
    drainMs: config.SHUTDOWN_DRAIN_SECONDS * 1000,
  })
  app.log.info({ port, metricsPort: metrics.port }, 'service started')
  return { port, metricsPort: metrics.port }
}
