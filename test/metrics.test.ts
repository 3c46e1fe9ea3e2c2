import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { exporters } from '../scripts/metrics/exporters.ts'
import { type FleetMetric, measuredServices, readFleetMetrics } from '../scripts/metrics/fleet-metrics.ts'
import { labelValues } from '../scripts/metrics/label-values.ts'
import { metricsPage } from '../scripts/metrics/metrics-page.ts'
import { countSeries, readExposition } from '../scripts/metrics/read-exposition.ts'

const metrics = await readFleetMetrics()

t.test('docs/metrics.md is what the running services expose (make metrics-docs writes it)', async (t) => {
  const page = readFileSync(join(import.meta.dirname, '../docs/metrics.md'), 'utf8')
  t.equal(page, metricsPage(metrics.values(), exporters))
})

t.test('metrics have the names, types and labels that dashboards and rules expect', async (t) => {
  const expected: [name: string, type: string, labels: string[]][] = [
    ['http_request_duration_seconds', 'histogram', ['method', 'route', 'status_code']],
    ['http_requests_total', 'counter', ['method', 'route', 'status_code']],
    ['http_errors_total', 'counter', ['method', 'route', 'error_type']],
    ['db_query_duration_seconds', 'histogram', ['query_type', 'table']],
    ['db_connection_pool_size', 'gauge', ['node', 'state']],
    ['redis_command_duration_seconds', 'histogram', ['command']],
    ['cache_hits_total', 'counter', ['cache_key_prefix', 'layer']],
    ['cache_misses_total', 'counter', ['cache_key_prefix', 'layer']],
    ['orders_created_total', 'counter', ['payment_method']],
    ['orders_moved_total', 'counter', ['status', 'actor_role']],
    ['payments_total', 'counter', ['provider', 'outcome']],
    ['order_time_to_ready_seconds', 'histogram', []],
    ['sockets_connected', 'gauge', []],
    ['events_relayed_total', 'counter', []],
    ['feed_lag_seconds', 'gauge', []],
    ['db_replica_lag_seconds', 'gauge', ['node']],
    ['logins_failed_total', 'counter', ['reason']],
    ['customers_active', 'gauge', ['window']],
    ['process_resident_memory_bytes', 'gauge', []],
    ['nodejs_heap_size_used_bytes', 'gauge', []],
    ['nodejs_eventloop_lag_seconds', 'gauge', []],
  ]
  for (const [name, type, labels] of expected) t.match(metrics.get(name), { type, labels }, name)
})

t.test('every service measures its requests, its process and its version', async (t) => {
  for (const name of ['http_requests_total', 'process_memory_limit_bytes', 'service_build_info'])
    t.same(metrics.get(name)?.services, measuredServices, name)
})

t.test('no label is one that Prometheus gives to every series, and each is explained', async (t) => {
  const used = new Set([...metrics.values()].flatMap(({ labels }) => labels))
  const taken = ['job', 'instance', 'namespace', 'pod', 'container', 'service', 'endpoint']
  t.same(
    taken.filter((label) => used.has(label)),
    [],
  )
  t.same([...used].toSorted(), Object.keys(labelValues).toSorted())
})

t.test('a label whose values nothing bounds is refused', async (t) => {
  const metric: FleetMetric = {
    name: 'logins_total',
    type: 'counter',
    help: 'Logins',
    labels: ['email'],
    services: ['orders'],
  }
  t.throws(() => metricsPage([metric], []), /does not say what bounds email/)
})

t.test('a scrape is read by its names, with their types and helps', async (t) => {
  const text =
    '# HELP a_total The a, of all\n# TYPE a_total counter\na_total{b="c"} 1\na_total{b="d"} 2\n# HELP e_bytes E\n# TYPE e_bytes gauge\n'
  t.same(
    [...readExposition(text).values()],
    [
      { name: 'a_total', type: 'counter', help: 'The a, of all' },
      { name: 'e_bytes', type: 'gauge', help: 'E' },
    ],
  )
  t.equal(countSeries(text), 2)
})
