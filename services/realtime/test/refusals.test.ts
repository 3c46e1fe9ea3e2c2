import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { io } from 'socket.io-client'
import t from 'tap'
import { connect, next, openKitchen, startFleet, tokenFor } from './fixture.ts'

const fleet = await startFleet(t)
const gateway = await fleet.gateway({ SOCKETS_PER_USER: '2', SOCKET_SUBSCRIPTIONS: '12' })
const kitchen = await openKitchen(fleet.database)
const { cafeteriaId } = kitchen
const orderId = await kitchen.place()

const refusalOf = (token: string) =>
  next<Error & { data: unknown }>(connect(t, gateway.url, token), 'connect_error')

t.test('a forged, an expired and a missing token are refused with a code', async (t) => {
  const forged = tokenFor(kitchen.customer, { secret: 'another secret that nobody knows' })
  const invalid = { data: { code: 'access_token_invalid' } }
  t.match(await refusalOf(forged), invalid)
  t.match(await refusalOf(''), invalid)
  // Long enough for a busy machine to let the socket in first.
  const shortLived = tokenFor(kitchen.customer, {
    secret: 'development-access-token-secret',
    lifetimeSeconds: 10,
  })
  const socket = connect(t, gateway.url, shortLived)
  const disconnected = next(socket, 'disconnect')
  t.same(await next(socket, 'connection:closing'), { code: 'access_token_expired' })
  t.equal(await disconnected, 'io server disconnect')
  t.match(await refusalOf(shortLived), { data: { code: 'access_token_expired' } })
  const nowhere = io(gateway.url, { transports: ['websocket'], forceNew: true, reconnection: false })
  t.teardown(() => nowhere.disconnect())
  t.match(await next(nowhere as never, 'connect_error'), { data: { code: 'namespace_not_found' } })
})

t.test('who logs out, or loses a role, is sent away and not let in again; others stay', async (t) => {
  const { primary: db } = fleet.database
  const { rows } = await sql<{ id: string }>`insert into sessions (user_id, expires_at)
    values (${kitchen.customer.userId}, now() + interval '1 day') returning id`.execute(db)
  const sessionId = rows[0]?.id as string
  const [ended, kept] = [tokenFor({ ...kitchen.customer, sessionId }), tokenFor(kitchen.customer)]
  const [gone, stays] = [connect(t, gateway.url, ended), connect(t, gateway.url, kept)]
  await Promise.all([next(gone, 'connect'), next(stays, 'connect')])
  const disconnected = next(gone, 'disconnect')
  await sql`update sessions set revoked_at = now() where id = ${sessionId}`.execute(db)
  t.same(await next(gone, 'connection:closing'), { code: 'session_revoked' })
  t.equal(await disconnected, 'io server disconnect')
  t.match(await refusalOf(ended), { data: { code: 'session_revoked' } })
  t.match(await stays.emitWithAck('order:subscribe', { orderId }), { ok: true })
  stays.disconnect()
})

t.test('a stranger cannot distinguish an order of others from none, nor a feed', async (t) => {
  const elsewhere = { role: 'manager', memberships: { [randomUUID()]: 'manager' } } as const
  for (const who of [{}, elsewhere]) {
    const stranger = connect(t, gateway.url, tokenFor(who))
    for (const id of [orderId, randomUUID()])
      t.same(await stranger.emitWithAck('order:subscribe', { orderId: id }), {
        ok: false,
        code: 'order_not_found',
      })
    t.same(await stranger.emitWithAck('order:subscribe_live_feed', { cafeteriaId }), {
      ok: false,
      code: 'cafeteria_not_found',
    })
  }
  const nobodys = connect(t, gateway.url, tokenFor({ role: 'admin' }))
  t.same(await nobodys.emitWithAck('order:subscribe_live_feed', { cafeteriaId: randomUUID() }), {
    ok: false,
    code: 'cafeteria_not_found',
  })
})

t.test('a message that is not valid is refused with its fields, and the socket lives on', async (t) => {
  const socket = connect(t, gateway.url, tokenFor(kitchen.customer))
  const cases: [wish: unknown, errors: object[]][] = [
    [null, [{ field: '' }]],
    ['x', [{ field: '' }]],
    [{}, [{ field: 'orderId' }]],
    [{ orderId: 'x' }, [{ field: 'orderId' }]],
    [{ orderId, more: 1 }, [{ field: 'more' }]],
    [{ orderId: '\ud800' }, [{ field: 'orderId', message: /surrogate/ }]],
    [{ orderId, more: 1e20 }, [{ field: 'more', message: /9007199254740991/ }]],
    [Buffer.from('x'), [{ field: '', message: /bytes/ }]],
  ]
  for (const [wish, errors] of cases)
    t.match(
      await socket.emitWithAck('order:subscribe', wish as never),
      { ok: false, code: 'validation_failed', errors },
      JSON.stringify(wish),
    )
  const emit = (event: string, ...sent: unknown[]) =>
    (socket as unknown as { emitWithAck: (...sent: unknown[]) => Promise<unknown> }).emitWithAck(
      event,
      ...sent,
    )
  t.match(await emit('order:subscribe'), { ok: false, code: 'validation_failed' }, 'no message at all')
  t.same(
    await emit('order:subscribe', { orderId }, 2),
    { ok: false, code: 'validation_failed', errors: [{ field: '', message: 'must be one' }] },
    'two messages',
  )
  t.same(
    await emit('order:subscribe', { a: 1, b: 2 }),
    {
      ok: false,
      code: 'validation_failed',
      errors: [
        { field: 'orderId', message: 'is required' },
        { field: 'a', message: 'is unknown' },
        { field: 'b', message: 'is unknown' },
      ],
    },
    'each member that is unknown is named once',
  )
  for (const event of ['order:devour', 'error', 'catalog:subscribe', '__proto__', ''])
    t.same(await emit(event, { orderId }), { ok: false, code: 'unknown_event' }, event)
  t.same(await emit('order:devour'), { ok: false, code: 'unknown_event' })
  const bare = socket as unknown as { emit: (...sent: unknown[]) => void }
  bare.emit('order:devour', { orderId })
  bare.emit('order:subscribe')
  t.match(await socket.emitWithAck('order:subscribe', { orderId }), { ok: true })
  socket.disconnect()
})

t.test('too large a message and too many of them end the connection, others are left alone', async (t) => {
  const other = connect(t, gateway.url, tokenFor({}))
  const large = connect(t, gateway.url, tokenFor({}))
  await next(large, 'connect')
  large.emit('order:subscribe', { orderId: 'x'.repeat(20_000) }, () => {})
  await next(large, 'disconnect')
  const flooder = connect(t, gateway.url, tokenFor({}))
  const closing = next(flooder, 'connection:closing')
  for (let count = 0; count < 200; count += 1) flooder.emit('order:unsubscribe', { orderId }, () => {})
  t.same(await closing, { code: 'rate_limited' })
  t.match(await other.emitWithAck('order:unsubscribe', { orderId }), { ok: true })
})

t.test('a user has so many sockets and no more, and a socket follows so much', async (t) => {
  const manager = tokenFor({ userId: randomUUID(), role: 'admin' })
  const [one, two] = [connect(t, gateway.url, manager), connect(t, gateway.url, manager)]
  await Promise.all([next(one, 'connect'), next(two, 'connect')])
  t.match(await refusalOf(manager), { data: { code: 'too_many_connections' } })
  const answers: unknown[] = []
  for (let count = 0; count < 11; count += 1)
    answers.push(await one.emitWithAck('order:subscribe', { orderId: await kitchen.place() }))
  t.match(answers.at(-1), { ok: false, code: 'too_many_subscriptions' })
  t.match(answers.at(-2), { ok: true })
})

t.test('a gateway that closes sends its clients the reason, so that they go elsewhere', async (t) => {
  const leaving = await fleet.gateway()
  const sockets = Array.from({ length: 30 }, () => connect(t, leaving.url, tokenFor({})))
  await Promise.all(sockets.map((socket) => next(socket, 'connect')))
  const reasons = Promise.all(sockets.map((socket) => next(socket, 'connection:closing')))
  await leaving.app.close()
  t.same(new Set((await reasons).map((reason) => (reason as { code: string }).code)), new Set(['draining']))
})
