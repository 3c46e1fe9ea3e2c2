import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { collectDefaultMetrics } from '@prometheus-io/client'
import type { Metrics } from './metrics.ts'

/**
 * Serves `GET /metrics` on a port of its own, which is never published with the API, with the metrics of the process:
 * memory, heap, event loop lag, garbage collection. Rejects when the port is taken.
 */
export async function startMetricsServer(
  metrics: Metrics,
  { host, port }: { host: string; port: number },
): Promise<{ server: Server; port: number }> {
  collectDefaultMetrics({ register: metrics.registry })
  const server = createServer(
    { requestTimeout: 5_000, connectionsCheckingInterval: 5_000 },
    (request, response) => void answer(metrics, request, response),
  )
  server.listen(port, host)
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

async function answer(metrics: Metrics, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
    response.writeHead(404).end()
    return
  }
  try {
    const text = await metrics.registry.metrics()
    response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text)
  } catch {
    response.writeHead(500).end()
  }
}
