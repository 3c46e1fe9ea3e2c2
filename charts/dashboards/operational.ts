import * as units from '@grafana/grafana-foundation-sdk/units'
import { dashboard } from './dashboard.ts'
import { lines, values } from './panels.ts'
import { chosenNamespace, chosenServices, fromPeople, largestTen, perSecond, quantile } from './queries.ts'

const requests = `http_requests_total{${fromPeople}}`
const recorded = (name: string) => `${name}{${chosenNamespace}}`

export const operational = dashboard({
  name: 'operational',
  title: 'operational',
  description: 'How the fleet serves its callers now: the first place to look when something is wrong.',
  rows: [
    {
      title: 'At a glance',
      panels: [
        values({
          title: 'Requests',
          description:
            'Requests a second to the API, without those of probes. ApiRequestsHigh fires at 1,000.',
          unit: units.RequestsPerSecond,
          queries: { requests: recorded('api:requests:rate5m') },
          limits: { yellow: 800, red: 1000 },
        }),
        values({
          title: 'Failed',
          description: 'Share of requests that are answered with 5xx. ApiErrors fires at 1%.',
          unit: units.PercentUnit,
          queries: { failed: recorded('api:errors:ratio_rate5m') },
          limits: { yellow: 0.001, red: 0.01 },
        }),
        values({
          title: 'Response time, p95',
          description: '95% of requests are answered within it. ApiSlow fires at 200 ms.',
          unit: units.Seconds,
          queries: { p95: recorded('api:response_time:p95_5m') },
          limits: { yellow: 0.1, red: 0.2 },
        }),
        values({
          title: 'Answered by the cache',
          description:
            'Share of look-ups that the cache answers. 85% is usual; CacheHitsLow fires below 80%.',
          unit: units.PercentUnit,
          queries: { hits: recorded('cache:hits:ratio_rate5m') },
          limits: { yellow: 0.85, red: 0.8 },
          lowIsBad: true,
        }),
        values({
          title: 'Processes that answer',
          description:
            'Processes of the chosen services that Prometheus reaches. ServiceDown fires for one that does not answer.',
          unit: units.Short,
          queries: { processes: `sum(up{${chosenServices}})` },
        }),
        values({
          title: 'Alerts',
          description: 'Alerts that fire now, those of the machines included.',
          unit: units.Short,
          queries: { alerts: 'count(ALERTS{alertstate="firing"}) or vector(0)' },
          limits: { red: 1 },
        }),
      ],
    },
    {
      title: 'Requests',
      panels: [
        lines({
          title: 'Requests by service',
          description: 'Requests a second that each service answers.',
          unit: units.RequestsPerSecond,
          queries: { '{{container}}': perSecond(requests, 'container') },
          stacked: true,
        }),
        lines({
          title: 'Requests by status',
          description: 'What they are answered with. 304 is an answer that the caller still had.',
          unit: units.RequestsPerSecond,
          queries: { '{{status_code}}': perSecond(requests, 'status_code') },
          stacked: true,
        }),
        lines({
          title: 'Response time',
          description:
            'Half, 95% and 99% of all requests are answered within it. The objective for p95 is 100 ms.',
          unit: units.Seconds,
          queries: {
            p50: quantile(0.5, 'http_request_duration_seconds', fromPeople),
            p95: quantile(0.95, 'http_request_duration_seconds', fromPeople),
            p99: quantile(0.99, 'http_request_duration_seconds', fromPeople),
          },
          limits: { yellow: 0.1, red: 0.2 },
        }),
        lines({
          title: 'Response time of the slowest routes, p95',
          description: 'The ten slowest. A route that is called rarely is slow by a single request.',
          unit: units.Seconds,
          queries: {
            '{{container}} {{method}} {{route}}': largestTen(
              quantile(0.95, 'http_request_duration_seconds', fromPeople, 'container', 'method', 'route'),
            ),
          },
        }),
        lines({
          title: 'Refusals and failures by their code',
          description:
            'The ten codes of problems that are answered most. docs/clients.md explains what a code promises.',
          unit: units.RequestsPerSecond,
          queries: {
            '{{error_type}}': largestTen(perSecond(`http_errors_total{${fromPeople}}`, 'error_type')),
          },
        }),
        lines({
          title: 'Refused logins and requests',
          description:
            'Logins that fail; requests that are refused with 401, 403 or 429; requests that are turned away because of overload. LoginsFailing and RefusalsBurst fire at 1 a second.',
          unit: units.RequestsPerSecond,
          queries: {
            'logins that failed': recorded('api:failed_logins:rate5m'),
            refused: recorded('api:refusals:rate5m'),
            overload: perSecond(`http_requests_shed_total{${chosenServices}}`),
          },
          limits: { red: 1 },
        }),
        lines({
          title: 'Requests in flight',
          description:
            'Requests that are being served. A line that only rises is a service that does not keep up.',
          unit: units.Short,
          queries: {
            '{{container}} {{instance}}': `http_requests_in_flight{${chosenServices}}`,
          },
        }),
      ],
    },
    {
      title: 'Objectives of the month',
      panels: [
        lines({
          title: 'Budget of failed requests',
          description:
            'How much faster than planned the budget of 0.01% is used up: at 1 it lasts exactly 30 days, at 14.4 two.',
          unit: units.Short,
          queries: {
            'last 5 minutes': `${recorded('api:errors:ratio_rate5m')} / 0.0001`,
            'last hour': `${recorded('api:errors:ratio_rate1h')} / 0.0001`,
            'last 6 hours': `${recorded('api:errors:ratio_rate6h')} / 0.0001`,
          },
          limits: { yellow: 1, red: 14.4 },
        }),
        lines({
          title: 'Budget of slow requests',
          description:
            'How much faster than planned the budget of 5% of requests over 100 ms is used up: at 1 it lasts exactly 30 days.',
          unit: units.Short,
          queries: {
            'last 5 minutes': `${recorded('api:slow:ratio_rate5m')} / 0.05`,
            'last hour': `${recorded('api:slow:ratio_rate1h')} / 0.05`,
            'last 6 hours': `${recorded('api:slow:ratio_rate6h')} / 0.05`,
          },
          limits: { yellow: 1, red: 14.4 },
        }),
      ],
    },
    {
      title: 'Cache',
      panels: [
        lines({
          title: 'Look-ups by what answers them',
          description: 'Memory of the process, Redis, or neither, in which case Postgres is asked.',
          unit: units.OpsPerSecond,
          queries: {
            '{{layer}}': perSecond(`cache_hits_total{${chosenServices}}`, 'layer'),
            neither: perSecond(`cache_misses_total{${chosenServices}, layer="redis"}`),
          },
          stacked: true,
        }),
        lines({
          title: 'Time to load what is not cached, p95',
          description: 'The ten routes and values whose loading takes longest.',
          unit: units.Seconds,
          queries: {
            '{{cache_key_prefix}}': largestTen(
              quantile(0.95, 'cache_load_duration_seconds', chosenServices, 'cache_key_prefix'),
            ),
          },
        }),
      ],
    },
    {
      title: 'Screens and phones',
      panels: [
        lines({
          title: 'From the commit to the socket',
          description:
            'Half and 99% of events reach the sockets within it. RelayLagging fires when an event has not been sent for 5 s.',
          unit: units.Seconds,
          queries: {
            p50: quantile(0.5, 'event_delivery_lag_seconds', chosenNamespace),
            p99: quantile(0.99, 'event_delivery_lag_seconds', chosenNamespace),
            'oldest event that is not numbered': `max(feed_lag_seconds{${chosenNamespace}})`,
          },
          limits: { red: 5 },
        }),
        lines({
          title: 'Messages to sockets',
          description: 'Messages a second that each gateway sends to clients, acknowledgements included.',
          unit: units.CountsPerSecond,
          queries: {
            '{{instance}}': perSecond(`socket_messages_sent_total{${chosenNamespace}}`, 'instance'),
          },
          stacked: true,
        }),
        lines({
          title: 'Age of the oldest event that a consumer has not handled',
          description:
            'The consumers of the log, by name. All of them are behind by less than a second on a healthy fleet.',
          unit: units.Seconds,
          queries: { '{{consumer}}': `max by (consumer) (event_consumer_lag_seconds{${chosenNamespace}})` },
        }),
        lines({
          title: 'Jobs of the worker, p95',
          description: 'The ten jobs of which one batch takes longest.',
          unit: units.Seconds,
          queries: {
            '{{job_name}}': largestTen(quantile(0.95, 'job_duration_seconds', chosenNamespace, 'job_name')),
          },
        }),
      ],
    },
  ],
})
