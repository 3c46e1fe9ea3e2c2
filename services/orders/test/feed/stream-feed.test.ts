import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Caller, createAccessTokens } from '@comanda/access'
import { startServiceUnderTest } from '@comanda/local-stack/testing'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { addCafeteria, addUser } from '../builders.ts'
import { startCampusApp } from '../orders/campus-app.ts'
import { openEventStream, openUnreadStream } from './event-stream.ts'
import { sequenceAll } from './sequence-all.ts'

const { app, place, move, campus, call, as, config, database, statements } = await startCampusApp(t)
const db = database.primary
const { cafeteria, customer, staff, admin } = campus
await app.listen({ host: '127.0.0.1', port: 0 })
const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
const path = `/v1/cafeterias/${cafeteria.id}/feed`

const open = (t: Test, query = '', headers: Record<string, string> = {}, caller: Caller = staff.caller) =>
  openEventStream(t, `${origin}${path}${query}`, { ...as(caller), ...headers })
const metrics = () => app.meter.registry.metrics()
async function until(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached())) await wait(10)
}

t.test('a stream sends what happened and then what happens, uncompressed', async (t) => {
  const { body: order } = await place()
  await sequenceAll(db)
  const stream = await open(t, '?after=0', { 'accept-encoding': 'gzip, br' })
  t.equal(stream.status, 200)
  t.equal(stream.headers.get('content-type'), 'text/event-stream')
  t.equal(stream.headers.get('content-encoding'), null)
  t.equal(stream.headers.get('x-content-type-options'), 'nosniff', 'with the headers of every answer')
  const { body: page } = await call({ url: path, headers: as(staff.caller) })
  const before = await stream.take(page.newest)
  t.strictSame(
    before,
    page.data.map((entry: { seq: number }) => ({ id: entry.seq, data: entry })),
    'the same entries as in JSON',
  )

  await move(order.id, 'accept', staff.caller)
  await sequenceAll(db)
  const live = await stream.next()
  t.match(live, {
    id: page.newest + 1,
    data: { seq: page.newest + 1, event: { orderId: order.id, type: 'order.accepted' } },
  })

  const resumed = await open(t, '?after=0', { 'last-event-id': String(page.newest) })
  t.strictSame(await resumed.next(), live, 'Last-Event-ID counts, not the address that it began with')
})

t.test('the database is asked once for all streams, also for those that are behind', async (t) => {
  const { body } = await call({ url: path, headers: as(staff.caller) })
  const callers = await Promise.all(
    Array.from({ length: 5 }, () => addUser(db, { memberships: { [cafeteria.id]: 'staff' } })),
  )
  const streams = await Promise.all(callers.map(({ caller }) => open(t, `?after=${body.newest}`, {}, caller)))
  const { body: order } = await place()
  await sequenceAll(db)
  await Promise.all(streams.map((stream) => stream.next()))
  statements.length = 0
  await move(order.id, 'accept', staff.caller)
  await sequenceAll(db)
  for (const stream of streams) t.match(await stream.next(), { data: { event: { type: 'order.accepted' } } })
  const reads = statements.filter(({ text }) => /from feed|"feed"/.test(text))
  t.ok(reads.length > 0)
  t.ok(
    reads.every(({ text }) => text.includes('unnest')),
    'no stream reads for itself',
  )
})

t.test('a stream is for those who may read the feed, and other answers are as ever', async (t) => {
  const stranger = await open(t, '', {}, customer.caller)
  t.match([stranger.status, await stranger.problem()], [403, { code: 'forbidden_role' }])
  const elsewhere = await addCafeteria(db, { slotDays: null })
  const { caller } = await addUser(db, { memberships: { [elsewhere.id]: 'manager' } })
  const foreign = await open(t, '', {}, caller)
  t.match([foreign.status, await foreign.problem()], [404, { code: 'cafeteria_not_found' }])
  const unsound = await open(t, '', { 'last-event-id': 'x' })
  t.match([unsound.status, await unsound.problem()], [400, { code: 'validation_failed' }])
  const json = await fetch(`${origin}${path}`, { headers: { accept: '*/*', ...as(staff.caller) } })
  t.match(json.headers.get('content-type'), /application\/json/)
})

t.test('a stream ends with its token and with its session, and says so', async (t) => {
  const secret = config.ACCESS_TOKEN_SECRET
  // Long enough for a busy machine to open the stream first.
  const brief = createAccessTokens({ secret, lifetimeSeconds: 10 }).sign(staff.caller)
  const short = await open(t, '?after=9999', { authorization: `Bearer ${brief}` })
  t.same(await short.take(2), [{ event: 'closing', data: { code: 'access_token_expired' } }])

  const { caller } = await addUser(db, { memberships: { [cafeteria.id]: 'staff' } })
  const revoked = await open(t, '?after=9999', {}, caller)
  t.equal(revoked.status, 200)
  await call({ method: 'POST', url: '/v1/auth/logout', headers: as(caller) })
  t.same(await revoked.take(2), [{ event: 'closing', data: { code: 'session_revoked' } }])
  t.match(await metrics(), /^feed_streams_ended_total\{reason="session_revoked"\} 1$/m)
})

t.test('a user has so many streams and no more, and gets back what is closed', async (t) => {
  const leaving = new AbortController()
  const headers = { accept: 'text/event-stream', ...as(admin.caller) }
  for (let count = 0; count < 10; count += 1)
    t.equal((await fetch(`${origin}${path}?after=9999`, { headers, signal: leaving.signal })).status, 200)
  const refused = await open(t, '', {}, admin.caller)
  t.match([refused.status, await refused.problem()], [429, { code: 'too_many_streams' }])
  leaving.abort()
  await until(async () => (await open(t, '?after=9999', {}, admin.caller)).status === 200)
})

t.test('a reader that takes nothing is ended, and holds up nobody', async (t) => {
  await sql`insert into events (order_id, cafeteria_id, version, type, actor_role)
    select uuidv7(), ${cafeteria.id}, 1, 'order.placed', 'system' from generate_series(1, 30000)`.execute(db)
  await sequenceAll(db)
  const { caller } = await addUser(db, { memberships: { [cafeteria.id]: 'staff' } })
  await openUnreadStream(t, `${origin}${path}?after=0`, as(caller))
  const reader = await open(t, '?after=0')
  t.equal((await reader.take(30_000)).at(-1)?.id, 30_000, 'another client reads all of it')
  const later = Date.now() + 60_000
  t.intercept(Date, 'now', { value: () => later })
  await until(async () => /^feed_streams_ended_total\{reason="slow_reader"\} 1$/m.test(await metrics()))
})

t.test('when all streams together wait for too much, those that wait for the most are ended', async (t) => {
  const orders = await startServiceUnderTest(join(import.meta.dirname, '../../src/server.ts'), {
    LOG_LEVEL: 'info',
    DATABASE_URL: config.DATABASE_URL,
    DATABASE_POOL_MIN: '0',
    REDIS_NODES: config.REDIS_NODES,
    FEED_BUFFERS_BYTES: '150000',
  })
  t.teardown(() => orders.stop('SIGKILL'))
  const reader = await openEventStream(t, `${orders.url}${path}?after=99999999`, as(staff.caller))
  for (let count = 0; count < 6; count += 1)
    await openUnreadStream(t, `${orders.url}${path}?after=0`, as(staff.caller))
  await until(async () => {
    const text = await (await fetch(`${orders.metricsUrl}/metrics`)).text()
    return /^feed_streams_ended_total\{reason="buffers_full"\} [1-9]/m.test(text)
  })
  const stopped = orders.stop('SIGTERM')
  t.same(await reader.take(2), [{ event: 'closing', data: { code: 'draining' } }], 'who reads is left alone')
  await stopped
})

t.test('a process that stops ends its streams, read or not, and exits in time', async (t) => {
  const orders = await startServiceUnderTest(join(import.meta.dirname, '../../src/server.ts'), {
    LOG_LEVEL: 'info',
    DATABASE_URL: config.DATABASE_URL,
    DATABASE_POOL_MIN: '0',
    REDIS_NODES: config.REDIS_NODES,
    SHUTDOWN_DRAIN_SECONDS: '0',
  })
  t.teardown(() => orders.stop('SIGKILL'))
  await openUnreadStream(t, `${orders.url}${path}?after=0`, as(staff.caller))
  const stream = await openEventStream(t, `${orders.url}${path}?after=99999999`, as(staff.caller))
  t.equal(stream.status, 200)
  const stopped = orders.stop('SIGTERM')
  t.same(await stream.take(2), [{ event: 'closing', data: { code: 'draining' } }])
  t.match(await stopped, { code: 0 })
})
