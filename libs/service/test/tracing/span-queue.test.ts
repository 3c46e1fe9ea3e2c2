import { createServer, IncomingMessage } from 'node:http'
import { type AddressInfo, Socket } from 'node:net'
import t from 'tap'
import { createLogger, createMetrics } from '#src/index.ts'
import { openTracing, type Tracing } from '#src/tracing/tracing.ts'
import { testConfig } from '../support.ts'

t.test(
  'more spans than may wait for a slow collector are dropped and counted, and closing does not wait for it',
  async (t) => {
    // It takes connections and never answers.
    const collector = createServer(() => {})
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
    t.teardown(() => {
      collector.close()
      collector.closeAllConnections()
    })
    const { port } = collector.address() as AddressInfo
    const config = testConfig({
      LOG_LEVEL: 'silent',
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/`,
    })
    const metrics = createMetrics()
    const log = await createLogger({ name: 'test', config })
    const tracing = (await openTracing({ name: 'test', config, log, metrics })) as Tracing

    for (let count = 0; count < 5000; count += 1) {
      const request = new IncomingMessage(new Socket())
      tracing.startRequest(request)
      tracing.endRequest(request, { method: 'GET', route: '/things', status: 200 })
    }
    t.match(await metrics.registry.metrics(), /^trace_spans_dropped_total\{reason="queue_full"\} 904$/m)
    await tracing.close()
    t.match(await metrics.registry.metrics(), /^trace_spans_exported_total 0$/m)
  },
)

t.test('the share of requests that is traced is kept to, but a caller decides for its own', async (t) => {
  const config = testConfig({
    LOG_LEVEL: 'silent',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://127.0.0.1:1/traces',
    OTEL_TRACES_SAMPLER_ARG: '0',
  })
  const log = await createLogger({ name: 'test', config })
  const tracing = (await openTracing({ name: 'test', config, log, metrics: createMetrics() })) as Tracing
  t.teardown(() => tracing.close())
  const own = new IncomingMessage(new Socket())
  tracing.startRequest(own)
  t.equal(tracing.traceparentOf(own), null)
  t.match(
    own.headers.traceparent,
    /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/,
    'its log lines have an id nevertheless',
  )
  const sampled = new IncomingMessage(new Socket())
  sampled.headers.traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  tracing.startRequest(sampled)
  t.match(
    tracing.traceparentOf(sampled),
    /^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/,
  )
  const bad = new IncomingMessage(new Socket())
  bad.headers.traceparent = '00-nonsense-01'
  tracing.startRequest(bad)
  t.equal(tracing.traceparentOf(bad), null)
})
