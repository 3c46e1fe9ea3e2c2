import { totalmem } from 'node:os'
import t from 'tap'
import { createMetrics } from '#src/index.ts'
import { startMetricsServer } from '#src/metrics/metrics-server.ts'
import { route, testService } from '../support.ts'

const open = { access: 'public' } as const

t.test('requests are measured by pattern, and unknown addresses share one label', async (t) => {
  const { app } = await testService(t)
  app.get('/orders/:id', { config: open, schema: route('Order') }, async () => ({}))
  app.post('/orders/:id', { config: open, schema: route('Pay') }, async () => ({}))
  await app.inject('/orders/1')
  await app.inject('/orders/2')
  for (const url of ['/nowhere', '/elsewhere', '/wp-admin', '/.env', '/%zz']) await app.inject(url)
  const headers = { 'content-type': 'application/json' }
  await app.inject({ method: 'POST', url: '/orders/3', headers, payload: '{' })
  await app.inject({ method: 'DELETE', url: '/orders/1' })
  const text = await app.meter.registry.metrics()
  t.match(text, 'http_requests_total{method="GET",route="/orders/:id",status_code="200"} 2')
  t.match(text, 'http_requests_total{method="GET",route="unknown",status_code="404"} 2')
  t.match(text, 'http_errors_total{method="GET",route="unknown",error_type="route_not_found"} 2')
  t.match(text, 'http_errors_total{method="DELETE",route="unknown",error_type="method_not_allowed"} 1')
  t.match(text, 'http_errors_total{method="POST",route="/orders/:id",error_type="malformed_json"} 1')
  t.match(
    text,
    'http_request_duration_seconds_count{method="GET",route="/orders/:id",status_code="2xx"} 2',
    'the class of the status, because each value costs a series per bound',
  )
  t.match(text, 'service_build_info{version="')
  const buckets = [
    ...text.matchAll(
      /http_request_duration_seconds_bucket\{le="([^"]+)",method="GET",route="\/orders\/:id"/g,
    ),
  ]
  t.same(
    buckets.map((match) => match[1]),
    ['0.005', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2', '5', '10', '+Inf'],
  )
  t.notMatch(text, /nowhere|elsewhere|wp-admin|\.env|orders\/1/)
})

t.test('how long a reader takes for an answer that streams is not how long the service takes', async (t) => {
  const { app } = await testService(t)
  app.get('/feed', { config: { ...open, streams: true }, schema: route('Feed') }, async () => ({}))
  await app.inject('/feed')
  const text = await app.meter.registry.metrics()
  t.match(text, 'http_requests_total{method="GET",route="/feed",status_code="200"} 1')
  t.notMatch(text, /http_request_duration_seconds_count\{[^}]*\/feed/)
})

t.test('features make metrics of their own, and asking twice gives the same one', async (t) => {
  const { app } = await testService(t)
  const options = { name: 'orders_created_total', help: 'Orders', labels: ['pickup'] } as const
  app.meter.counter(options).inc({ pickup: 'asap' })
  app.meter.counter(options).inc({ pickup: 'asap' })
  app.meter.gauge({ name: 'queue_length', help: 'Queue', collect: (gauge) => gauge.set(5) })
  app.meter.histogram({ name: 'ready_seconds', help: 'Time', labels: [], buckets: [1, 2] }).observe(1.5)
  const text = await app.meter.registry.metrics()
  t.match(text, 'orders_created_total{pickup="asap"} 2')
  t.match(text, 'queue_length 5')
  t.match(text, 'ready_seconds_bucket{le="2"} 1')
})

t.test('metrics of the process are served on their own port, and nothing else is', async (t) => {
  const metrics = createMetrics()
  const { server, port } = await startMetricsServer(metrics, { host: '127.0.0.1', port: 0 })
  t.teardown(() => server.close())
  const response = await fetch(`http://127.0.0.1:${port}/metrics`)
  t.match(response.headers.get('content-type'), /^text\/plain/)
  const text = await response.text()
  for (const name of [
    'process_resident_memory_bytes',
    'nodejs_heap_size_used_bytes',
    'nodejs_eventloop_lag_p99_seconds',
    'process_memory_limit_bytes',
  ]) {
    t.match(text, name)
  }
  const resident = Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1])
  const limit = Number(/^process_memory_limit_bytes (\S+)$/m.exec(text)?.[1])
  t.ok(resident > 0 && resident < limit && limit <= totalmem(), `${resident} of ${limit} bytes`)
  t.equal(response.headers.get('content-encoding'), 'gzip', 'fetch and Prometheus both ask for it')
  const plain = await fetch(`http://127.0.0.1:${port}/metrics`, {
    headers: { 'accept-encoding': 'identity' },
  })
  t.equal(plain.headers.get('content-encoding'), null)
  t.match(await plain.text(), 'process_memory_limit_bytes')
  t.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 404)
  await t.rejects(startMetricsServer(createMetrics(), { host: '127.0.0.1', port }), { code: 'EADDRINUSE' })
})
