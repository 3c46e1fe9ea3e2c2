import { Registry } from '@prometheus-io/client'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fastifyMetrics from 'fastify-metrics'
import fp from 'fastify-plugin'
import { abortedStatus } from '../logging/request-message.ts'
import type { Metrics } from './metrics.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Makes the metrics of features. */
    meter: Metrics
  }
}

/** Requests that match no route share one label, or a scanner could make as many series as it likes. */
export const unknownRoute = 'unknown'

const routeOf = (request: FastifyRequest) => request.routeOptions.url ?? unknownRoute

const labels = ['method', 'route', 'status_code'] as const
export interface RequestLabels {
  method: string
  route: string
  status_code: number
}
/** The labels of durations: `status_code` is a class, as in 2xx, because each of its values costs a series per bound. */
export interface DurationLabels {
  method: string
  route: string
  status_code: string
}
/** The labels of a request's duration. */
export const durationLabels = ({ method, route, status_code }: RequestLabels): DurationLabels => {
  return { method, route, status_code: `${Math.floor(status_code / 100)}xx` }
}
const durationName = 'http_request_duration_seconds'
const durationHelp =
  'Time from the head of a request to the end of its response, by class of status; answers that stream for as long as their reader takes are left out'
/** Upper bounds, in seconds. */
export const durationBuckets = [0.005, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10]

/** The counter of requests, the same for hooks and for the fast path. */
export const requestCounter = (metrics: Metrics) =>
  metrics.counter({ name: 'http_requests_total', help: 'Requests answered', labels })

/** The histogram of durations in seconds, the same for hooks and for the fast path. */
export const requestDuration = (metrics: Metrics) =>
  metrics.histogram({ name: durationName, help: durationHelp, labels, buckets: durationBuckets })

/** Counts and times every request. The route label is the pattern of the route. */
async function httpMetrics(app: FastifyInstance, { metrics }: { metrics: Metrics }) {
  app.decorate('meter', metrics)
  await app.register(fastifyMetrics.default, {
    name: 'routeMetrics',
    endpoint: null,
    // The metrics server collects these, because they belong to the process and not to the service.
    defaultMetrics: { enabled: false },
    routeMetrics: {
      enabled: { histogram: true, summary: false },
      registeredRoutesOnly: false,
      methodBlacklist: [],
      groupStatusCodes: true,
      overrides: {
        labels: { getRouteLabel: routeOf },
        histogram: {
          name: durationName,
          help: durationHelp,
          buckets: durationBuckets,
          registers: [metrics.registry],
        },
        // The plugin makes one even when it is off; this keeps it out of the process-wide registry.
        summary: { registers: [new Registry()] },
      },
    },
  })
  const requests = requestCounter(metrics)
  const errors = metrics.counter({
    name: 'http_errors_total',
    help: 'Requests answered with a problem, by its code',
    labels: ['method', 'route', 'error_type'],
  })

  const labelsOf = (request: FastifyRequest, status_code: number) => {
    return { method: request.method, route: routeOf(request), status_code }
  }

  app.addHook('onResponse', (request, reply, done) => {
    const seen = labelsOf(request, reply.statusCode)
    requests.inc(seen)
    const { method, route } = seen
    if (request.failure !== null) errors.inc({ method, route, error_type: request.failure.code })
    done()
  })

  app.addHook('onRequestAbort', (request, done) => {
    requests.inc(labelsOf(request, abortedStatus))
    done()
  })
}

export const httpMetricsPlugin = fp(httpMetrics, { fastify: '5.x', name: 'comanda-http-metrics' })
