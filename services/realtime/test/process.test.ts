import { join } from 'node:path'
import { startServiceUnderTest } from '@comanda/local-stack/testing'
import t from 'tap'
import { connect, next, openKitchen, startFleet, tokenFor } from './fixture.ts'

const entry = join(import.meta.dirname, '../src/server.ts')

t.test('a gateway serves without Redis, by polling too, and ends cleanly when it is asked to', async (t) => {
  const fleet = await startFleet(t)
  const kitchen = await openKitchen(fleet.database)
  const orderId = await kitchen.place()
  const gateway = await startServiceUnderTest(entry, {
    LOG_LEVEL: 'info',
    DATABASE_URL: fleet.url,
    DATABASE_POOL_MIN: '0',
    REDIS_NODES: '127.0.0.1:1',
    SOCKET_DRAIN_SECONDS: '0.2',
  })
  t.teardown(() => gateway.stop('SIGKILL'))
  const phone = connect(t, gateway.url, tokenFor(kitchen.customer), { transports: ['polling'] })
  t.match(await phone.emitWithAck('order:subscribe', { orderId }), { ok: true, order: { version: 1 } })
  const metrics = await (await fetch(`${gateway.metricsUrl}/metrics`)).text()
  t.match(metrics, /^sockets_connected 1$/m)
  t.match(metrics, /^socket_rooms\{socket_namespace="\/orders"\} 2$/m, 'of the customer and of the order')
  // The namespace is entered with one, the subscription acknowledged with the other.
  t.match(metrics, /^socket_messages_sent_total 2$/m)
  t.match(metrics, /^socket_bytes_sent_total [3-9]\d\d$/m)
  const closing = next(phone, 'connection:closing')
  const stopped = gateway.stop('SIGTERM')
  t.same(await closing, { code: 'draining' })
  t.match(await stopped, { code: 0 })
})
