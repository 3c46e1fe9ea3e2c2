import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Metrics } from './metrics.ts'

declare module 'fastify' {
  interface FastifyInstance {
    metrics: Metrics
  }
}

/** Requests that match no route share one label, or a scanner could make as many series as it likes. */
export const unknownRoute = 'unknown'

/** The HTTP metrics of OBS-1. The route label is the pattern of the route. */
async function httpMetrics(app: FastifyInstance, { metrics }: { metrics: Metrics }) {
  app.decorate('metrics', metrics)
  const labels = ['method', 'route', 'status_code'] as const
  const duration = metrics.histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its response',
    labels,
    buckets: [0.005, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
  })
  const requests = metrics.counter({ name: 'http_requests_total', help: 'Requests answered', labels })
  const errors = metrics.counter({
    name: 'http_errors_total',
    help: 'Requests answered with a problem, by its code',
    labels: ['error_type'],
  })

  app.addHook('onResponse', (request, reply, done) => {
    const { url, method } = request.routeOptions
    const seen = {
      method: url === undefined ? request.method : (method as string),
      route: url ?? unknownRoute,
      status_code: reply.statusCode,
    }
    duration.observe(seen, reply.elapsedTime / 1000)
    requests.inc(seen)
    if (request.failure !== null) errors.inc({ error_type: request.failure.code })
    done()
  })
}

export const httpMetricsPlugin = fp(httpMetrics, { fastify: '5.x', name: 'comanda-http-metrics' })
