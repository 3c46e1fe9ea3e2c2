import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { totalmem } from 'node:os'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { collectDefaultMetrics } from '@prometheus-io/client'
import type { Metrics } from './metrics.ts'

const compress = promisify(gzip)

/**
 * Serves `GET /metrics` on a port of its own, which is never published with the API, with the metrics of the process:
 * memory, heap, event loop lag, garbage collection. Rejects when the port is taken.
 */
export async function startMetricsServer(
  metrics: Metrics,
  { host, port }: { host: string; port: number },
): Promise<{ server: Server; port: number }> {
  collectDefaultMetrics({ register: metrics.registry })
  metrics.gauge({
    name: 'process_memory_limit_bytes',
    help: 'Memory that the process may take: the limit of its container, otherwise the memory of the machine',
    collect: (gauge) => gauge.set(memoryLimit()),
  })
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
    const headers = { 'content-type': metrics.registry.contentType, vary: 'accept-encoding' }
    // Prometheus always asks for it. The same labels come again and again, so a tenth of the bytes is left.
    if (/\bgzip\b/.test(request.headers['accept-encoding'] ?? ''))
      response.writeHead(200, { ...headers, 'content-encoding': 'gzip' }).end(await compress(text))
    else response.writeHead(200, headers).end(text)
  } catch {
    response.writeHead(500).end()
  }
}

/** A process without a limit is told one beyond the machine's memory. */
function memoryLimit(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}
