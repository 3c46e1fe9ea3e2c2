import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { startServiceUnderTest, testRedisNodes } from '@comanda/local-stack/testing'
import { type ReceivedSpan, startTraceReceiver } from '@comanda/service/testing'
import { sql } from 'kysely'
import t from 'tap'
import { connect, next, openKitchen, startFleet, tokenFor } from './fixture.ts'

const entry = join(import.meta.dirname, '../src/server.ts')
const traceId = '0af7651916cd43dd8448eb211c80319c'

t.test(
  'one trace leads from the phone through placing an order to the socket that hears of it',
  async (t) => {
    const fleet = await startFleet(t)
    const receiver = await startTraceReceiver()
    t.teardown(receiver.close)
    const tracing = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
    const [orders, worker, gateway] = await Promise.all([
      fleet.orders(tracing),
      fleet.worker(tracing),
      startServiceUnderTest(entry, {
        ...tracing,
        LOG_LEVEL: 'info',
        DATABASE_URL: fleet.url,
        DATABASE_POOL_MIN: '0',
        REDIS_NODES: testRedisNodes(),
        SOCKET_DRAIN_SECONDS: '0.05',
      }),
    ])
    t.teardown(() => gateway.stop('SIGKILL'))
    const kitchen = await openKitchen(fleet.database)
    // Where there is nothing to pay no provider is asked.
    await sql`update products set price_cents = 0`.execute(fleet.database.primary)
    const { rows } = await sql<{ id: string }>`select id from products`.execute(fleet.database.primary)
    const phone = connect(t, gateway.url, tokenFor(kitchen.customer))
    await next(phone, 'connect')

    const created = next<{ order: { id: string } }>(phone, 'order:created')
    const placed = await fetch(`${orders.url}/v1/orders`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tokenFor(kitchen.customer)}`,
        'content-type': 'application/json',
        'x-request-id': 'the-request-of-the-phone',
        traceparent: `00-${traceId}-b7ad6b7169203331-01`,
      },
      body: JSON.stringify({
        cafeteriaId: kitchen.cafeteriaId,
        items: [{ productId: rows[0]?.id, quantity: 1 }],
        pickup: 'asap',
        payment: { method: 'card' },
      }),
    })
    t.equal(placed.status, 201)
    const message = await created
    t.equal(message.order.id, ((await placed.json()) as { id: string }).id)
    t.notMatch(JSON.stringify(message), traceId, 'what phones get has no more in it than before')

    const emitted = await receiver.waitFor(({ name }) => name === 'emit order:created')
    const parentOf = ({ parentSpanId }: ReceivedSpan) =>
      receiver.waitFor(({ spanId }) => spanId === parentSpanId)
    const relayed = await parentOf(emitted)
    const request = await parentOf(relayed)
    const place = await receiver.waitFor(({ name }) => name === 'SELECT place_order')
    t.same(
      [request, place, relayed, emitted].map(({ service, name }) => `${service}: ${name}`),
      [
        'orders: POST /v1/orders',
        'orders: SELECT place_order',
        'worker: relay order.placed',
        'realtime: emit order:created',
      ],
    )
    t.equal(request.parentSpanId, 'b7ad6b7169203331')
    t.equal(place.parentSpanId, request.spanId)
    for (const span of [request, place, relayed, emitted]) t.equal(span.traceId, traceId)

    const { rows: events } = await sql<{ requestId: string }>`select request_id from events`.execute(
      fleet.database.primary,
    )
    t.same(events, [{ requestId: `the-request-of-the-phone 00-${traceId}-${request.spanId}-01` }])
    const lineOf = (output: string, sign: string) =>
      output.split('\n').find((line) => line.includes(sign)) ?? ''
    t.match(lineOf(orders.output(), '"route":"/v1/orders"'), `"traceId":"${traceId}"`)
    while (!worker.output().includes('order_placed')) await new Promise((resolve) => setTimeout(resolve, 20))
    t.match(JSON.parse(lineOf(worker.output(), 'order_placed')), {
      traceId,
      requestId: 'the-request-of-the-phone',
    })
  },
)

t.test('a request that its caller does not sample leaves nothing in the log but its id', async (t) => {
  const fleet = await startFleet(t)
  const receiver = await startTraceReceiver()
  t.teardown(receiver.close)
  const orders = await fleet.orders({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })
  const kitchen = await openKitchen(fleet.database)
  const orderId = await kitchen.place()
  await sql`update orders set status = 'placed'`.execute(fleet.database.primary)
  const cancel = async (id: string, flags: string) => {
    const answer = await fetch(`${orders.url}/v1/orders/${id}/cancel`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tokenFor(kitchen.customer)}`,
        'x-request-id': `request-${flags}`,
        traceparent: `00-${traceId}-b7ad6b7169203331-${flags}`,
      },
    })
    return answer.status
  }
  t.equal(await cancel(orderId, '00'), 200)
  t.equal(await cancel(randomUUID(), '01'), 404)
  await receiver.waitFor(({ kind }) => kind === 2)
  const requests = receiver.spans.filter(({ kind }) => kind === 2)
  t.same(
    requests.map(({ attributes }) => attributes['error.type']),
    ['order_not_found'],
    'only the one that its caller samples is traced',
  )
  const { rows } = await sql<{ requestId: string }>`
    select request_id from events where type = 'order.cancelled'`.execute(fleet.database.primary)
  t.same(rows, [{ requestId: 'request-00' }])
})
