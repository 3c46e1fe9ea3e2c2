import { join } from 'node:path'
import { cloneTestDatabase, startServiceUnderTest, testRedisNodes } from '@comanda/local-stack/testing'
import { startTraceReceiver } from '@comanda/service/testing'
import t, { type Test } from 'tap'

const entry = join(import.meta.dirname, '../../src/server.ts')
/** Prints the modules of OpenTelemetry's SDK and exporter that the process loads. */
const recorder = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module'
  registerHooks({ load(url, context, next) {
    if (/@opentelemetry\\/(sdk|exporter|resources|core)/.test(url)) console.log('loaded ' + url)
    return next(url, context)
  } })`)}`

async function startOrders(t: Test, env: Record<string, string>) {
  const clone = await cloneTestDatabase()
  const orders = await startServiceUnderTest(entry, {
    LOG_LEVEL: 'info',
    DATABASE_URL: clone.url,
    DATABASE_POOL_MIN: '0',
    REDIS_NODES: testRedisNodes(),
    NODE_OPTIONS: `--import "${recorder}"`,
    ...env,
  })
  t.teardown(async () => {
    await orders.stop('SIGKILL')
    await clone.drop()
  })
  return orders
}

t.test('without an endpoint nothing of the SDK is loaded', async (t) => {
  const orders = await startOrders(t, {})
  t.equal((await fetch(`${orders.url}/v1/cafeterias`)).status, 200)
  t.notMatch(orders.output(), 'loaded ')
  t.match(await orders.stop('SIGTERM'), { code: 0 })
})

t.test(
  'a request is a span with its statements and commands, a cached answer is one too, and a stop sends them',
  async (t) => {
    const receiver = await startTraceReceiver()
    t.teardown(receiver.close)
    const orders = await startOrders(t, {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_SERVICE_NAME: 'shop',
    })
    for (let count = 0; count < 3; count += 1)
      t.equal((await fetch(`${orders.url}/v1/cafeterias`)).status, 200)
    t.match(orders.output(), 'loaded ', 'which is how the test above can fail')
    t.match(await orders.stop('SIGTERM'), { code: 0 })

    const requests = receiver.spans.filter(({ kind }) => kind === 2)
    t.same(
      requests.map(({ service, name }) => `${service}: ${name}`),
      Array.from({ length: 3 }, () => 'shop: GET /v1/cafeterias'),
    )
    const [first] = requests
    const children = receiver.spans.filter(({ parentSpanId }) => parentSpanId === first?.spanId)
    const systems = new Set(children.map(({ attributes }) => attributes['db.system.name']))
    t.same([...systems].toSorted(), ['postgresql', 'redis'])
    const traced = new Set([...orders.output().matchAll(/"traceId":"(\w+)"/g)].map(([, id]) => id))
    for (const { traceId } of requests) t.ok(traced.has(traceId), 'its line in the log has the trace')
  },
)

t.test('a collector that is away disturbs nothing, and what is lost is counted', async (t) => {
  const orders = await startOrders(t, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' })
  let metrics = ''
  while (!/^trace_spans_dropped_total\{reason="export_failed"\} [1-9]/m.test(metrics)) {
    t.equal((await fetch(`${orders.url}/v1/cafeterias`)).status, 200)
    await new Promise((resolve) => setTimeout(resolve, 200))
    metrics = await (await fetch(`${orders.metricsUrl}/metrics`)).text()
  }
  t.match(metrics, /^trace_spans_exported_total 0$/m)
  t.match(orders.output(), 'the collector of traces is away')
  t.match(await orders.stop('SIGTERM'), { code: 0 })
})
