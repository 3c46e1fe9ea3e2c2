import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { ordersNamespace } from '@comanda/events'
import {
  longestStalls,
  recordStalls,
  startServiceUnderTest,
  testRedisNodes,
} from '@comanda/local-stack/testing'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import type { WebSocket } from 'ws'
import { connect, next, openKitchen, startFleet, tokenFor } from '../fixture.ts'
import { openPolling, readToEnd } from './polling.ts'
import { closeOf, enter, metricOf, openRaw, peakMegabytes } from './raw-sockets.ts'

const mostMegabytes = 300
const mostStallMilliseconds = 100
/** Set by `make test-abuse`. A machine that runs all tests at once makes stalls longer, though they count processor time. */
const stallsAreJudged = process.env['JUDGE_STALLS'] === '1'
const fleet = await startFleet(t)
const kitchen = await openKitchen(fleet.database)
const { cafeteriaId } = kitchen

async function startGateway(t: Test, env: Record<string, string> = {}) {
  const stallsFile = join(t.testdir(), 'stalls')
  const gateway = await startServiceUnderTest(join(import.meta.dirname, '../../src/server.ts'), {
    LOG_LEVEL: 'info',
    DATABASE_URL: fleet.url,
    DATABASE_POOL_MIN: '0',
    REDIS_NODES: testRedisNodes(),
    SOCKET_DRAIN_SECONDS: '0.05',
    ...recordStalls(stallsFile, process.env['NODE_OPTIONS']),
    ...env,
  })
  t.teardown(() => gateway.stop('SIGKILL'))
  const startedAt = Date.now()
  const hasOwnLimits = Object.keys(env).length > 0
  return { ...gateway, hasOwnLimits, stalls: () => longestStalls(stallsFile, startedAt) }
}

/** Waits until no more than so many bytes wait for all clients of a gateway, which it looks at every half second. */
async function settles(gateway: Awaited<ReturnType<typeof startGateway>>, mostBytes: number): Promise<void> {
  while ((await metricOf(gateway, 'socket_waiting_bytes')) > mostBytes) await wait(50)
}

/** Checks that the process is small, has not stood still, and serves somebody honest. */
async function holds(t: Test, gateway: Awaited<ReturnType<typeof startGateway>>): Promise<void> {
  t.ok(
    (await peakMegabytes(gateway)) < mostMegabytes,
    `${Math.round(await peakMegabytes(gateway))} MB at most`,
  )
  const { busyMilliseconds } = gateway.stalls()
  const stall = `${Math.round(busyMilliseconds)} ms at most without a turn of the event loop`
  // Where a test lifts the limits, a client may hand in more work at once.
  if (gateway.hasOwnLimits || !stallsAreJudged) t.comment(stall)
  else t.ok(busyMilliseconds < mostStallMilliseconds, stall)
  const honest = connect(t, gateway.url, tokenFor(kitchen.customer))
  await next(honest, 'connect')
  t.match(await honest.emitWithAck('order:unsubscribe', { orderId: kitchen.cafeteriaId }), { ok: true })
}

/** Writes until the other side ends the connection, as fast as the network takes it, for at most so many bytes. */
async function pour(websocket: WebSocket, bytes: Buffer, mostBytes: number): Promise<number> {
  const tcp = tcpOf(websocket)
  let written = 0
  while (written < mostBytes && !tcp.destroyed && websocket.readyState !== websocket.CLOSED) {
    written += bytes.length
    if (!tcp.write(bytes)) await Promise.race([once(tcp, 'drain'), once(tcp, 'close')]).catch(() => {})
  }
  return written
}
const tcpOf = (websocket: WebSocket) => (websocket as unknown as { _socket: Socket })._socket

/** A frame from a client, with a mask of zeros. */
const frame = (first: number, payload: Buffer) =>
  Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), payload])
const ping = frame(0x89, Buffer.alloc(125, 'p'))
const repeated = (bytes: Buffer, times: number) => Buffer.concat(Array.from({ length: times }, () => bytes))

t.test('a stranger who pings is closed with a reason, and one who reads no pongs is too', async (t) => {
  const gateway = await startGateway(t)
  const reading = await openRaw(t, gateway)
  const closed = closeOf(reading)
  await pour(reading, repeated(ping, 100), 100 * ping.length)
  t.same(await closed, { code: 1008, reason: 'too_many_control_frames' })
  const deaf = await openRaw(t, gateway)
  deaf.pause()
  const written = await pour(deaf, repeated(ping, 1000), 60_000_000)
  t.ok(written < 60_000_000, 'it was cut off before it had sent everything')
  t.equal(await metricOf(gateway, 'sockets_refused_total{reason="too_many_control_frames"}'), 2)
  await holds(t, gateway)
})

t.test('forty strangers with fragments of one byte are closed', async (t) => {
  const gateway = await startGateway(t)
  const before = await peakMegabytes(gateway)
  const strangers = await Promise.all(Array.from({ length: 40 }, () => openRaw(t, gateway)))
  const closed = Promise.all(strangers.map(closeOf))
  const more = repeated(frame(0x00, Buffer.from('x')), 1000)
  for (const stranger of strangers) tcpOf(stranger).write(frame(0x01, Buffer.from('4')))
  await Promise.all(strangers.map((stranger) => pour(stranger, more, 4_000_000)))
  for (const { code } of await closed) t.match(String(code), /^(1008|1006)$/)
  const grown = Math.round((await peakMegabytes(gateway)) - before)
  t.ok(grown < 50, `${grown} MB more`)
  await holds(t, gateway)
})

t.test('a message in as many fragments as a proxy makes of it is understood', async (t) => {
  const gateway = await startGateway(t)
  const client = await openRaw(t, gateway)
  const text = `40${ordersNamespace},${JSON.stringify({ token: tokenFor(kitchen.customer) })}`
  const size = Math.ceil(text.length / 16)
  const answered = once(client, 'message')
  for (let at = 0; at < text.length; at += size)
    client.send(text.slice(at, at + size), { fin: at + size >= text.length })
  t.match(String((await answered)[0]), `40${ordersNamespace}`)
})

t.test('staff sockets that never read, but answer heartbeats, are closed', async (t) => {
  for (let count = 0; count < 110; count += 1) await kitchen.place()
  for (;;) {
    const { rows } = await sql`select sequence_events(1000)`.execute(fleet.database.primary)
    const { seq } = (
      await sql<{
        seq: number
      }>`select max(seq)::int as seq from feed where cafeteria_id = ${cafeteriaId}`.execute(
        fleet.database.primary,
      )
    ).rows[0] ?? { seq: 0 }
    if (seq >= 110) break
    if (rows.length === 0) await wait(10)
  }
  const gateway = await startGateway(t)
  const before = await peakMegabytes(gateway)
  const deaf = await Promise.all(Array.from({ length: 4 }, () => openRaw(t, gateway)))
  for (const one of deaf) {
    await enter(one, tokenFor(kitchen.staff))
    one.pause()
  }
  const wish = JSON.stringify(['order:subscribe_live_feed', { cafeteriaId, after: 0 }])
  let count = 0
  while ((await metricOf(gateway, 'sockets_refused_total{reason="slow_reader"}')) < 4) {
    count += 1
    for (const one of deaf) {
      if (one.readyState !== one.OPEN) continue
      one.send(`42${ordersNamespace},${count}${wish}`)
      one.send('3')
    }
    await wait(110)
  }
  t.comment(`${Math.round(before)} MB before, ${Math.round(await peakMegabytes(gateway))} MB at most`)
  t.equal(await metricOf(gateway, 'sockets_refused_total{reason="rate_limited"}'), 0)
  await holds(t, gateway)
})

t.test('when all of them together wait for too much, those who wait for the most are closed', async (t) => {
  const gateway = await startGateway(t, {
    SOCKET_BUFFER_BYTES: '2000000000',
    SOCKET_BUFFERS_BYTES: '4000000',
  })
  const deaf = await Promise.all(Array.from({ length: 4 }, () => openRaw(t, gateway)))
  for (const one of deaf) {
    await enter(one, tokenFor(kitchen.staff))
    one.pause()
  }
  const idle = connect(t, gateway.url, tokenFor(kitchen.staff))
  await next(idle, 'connect')
  const wish = JSON.stringify(['order:subscribe_live_feed', { cafeteriaId, after: 0 }])
  let count = 0
  while ((await metricOf(gateway, 'sockets_refused_total{reason="buffers_full"}')) < 1) {
    count += 1
    for (const one of deaf) if (one.readyState === one.OPEN) one.send(`42${ordersNamespace},${count}${wish}`)
    await wait(110)
  }
  await settles(gateway, 4_000_000)
  t.ok(idle.connected, 'who reads is left alone')
  await holds(t, gateway)
})

const wishes = Array.from(
  { length: 140 },
  (_, at) =>
    `42${ordersNamespace},${at}${JSON.stringify(['order:subscribe_live_feed', { cafeteriaId, after: 0 }])}`,
)

t.test('a client that polls and reads no answer is cut off, and no socket with it', async (t) => {
  for (const [reason, bounds] of [
    ['buffers_full', { SOCKET_BUFFER_BYTES: '2000000000', SOCKET_BUFFERS_BYTES: '24000000' }],
    ['slow_reader', { SOCKET_BUFFER_BYTES: '12000000' }],
  ] as const) {
    const gateway = await startGateway(t, { ...bounds, SOCKET_MESSAGES_PER_SECOND: '10000' })
    const idle = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const client = connect(t, gateway.url, tokenFor(kitchen.staff))
        await next(client, 'connect')
        return client
      }),
    )
    const deaf = await openPolling(gateway, tokenFor(kitchen.staff))
    const sent = () => metricOf(gateway, 'socket_messages_sent_total')
    const refused = (label = '') => metricOf(gateway, `sockets_refused_total${label}`)
    const unread: IncomingMessage[] = []
    let wanted = await sent()
    // Each poll gets the answers to all wishes at once, about 8 MB, which is more than the kernel takes; a poll that came earlier
    // could get a few of them only.
    while (unread.length < 10 && (await deaf.send(wishes))) {
      wanted += wishes.length
      while ((await sent()) < wanted && (await refused()) === 0) await wait(20)
      unread.push(await deaf.poll())
    }
    t.equal(await refused(`{reason="${reason}"}`), 1, reason)
    await settles(gateway, 12_000_000)
    for (const client of idle) t.ok(client.connected, 'who reads is left alone')
    const complete = await Promise.all(unread.map(readToEnd))
    t.ok(complete.includes(false), 'an answer that was not read was cut off')
    await holds(t, gateway)
  }
})
