import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import {
  type CatalogueChanged,
  type CatalogueClientEvents,
  type CatalogueServerEvents,
  catalogueNamespace,
} from '@comanda/events'
import { createCataloguePublisher } from '@comanda/events/relay'
import { sql } from 'kysely'
import { io, type Socket } from 'socket.io-client'
import t, { type Test } from 'tap'
import { openKitchen, startFleet, tokenFor } from './fixture.ts'
import { connectToRedis } from './publishing.ts'

const fleet = await startFleet(t)
const db = fleet.database.primary
const { cafeteriaId } = await openKitchen(fleet.database)
const gateway = await fleet.gateway({ SOCKET_SUBSCRIPTIONS: '4', FEED_WATCH_SECONDS: '600' })

const redis = await connectToRedis(t)
const publisher = createCataloguePublisher({ redis, prefix: fleet.redisPrefix, onFailed() {} })
t.teardown(() => publisher.close())

type Screen = Socket<CatalogueServerEvents, CatalogueClientEvents>
function openScreen(t: Test, url: string, auth: object = {}): Screen {
  const options = { auth, transports: ['websocket'], forceNew: true, reconnection: false }
  const screen: Screen = io(`${url}${catalogueNamespace}`, options)
  t.teardown(() => screen.disconnect())
  return screen
}
function collectChanges(screen: Screen): CatalogueChanged[] {
  const seen: CatalogueChanged[] = []
  screen.on('catalog:changed', (changed) => void seen.push(changed))
  return seen
}
const refusalOf = (screen: Screen) =>
  new Promise<unknown>((resolve) => {
    screen.once('connect_error', (error) => resolve((error as Error & { data: unknown }).data))
  })
const version = async () => {
  const versions = db.selectFrom('catalogueVersions').select('version')
  return (await versions.where('cafeteriaId', '=', cafeteriaId).executeTakeFirstOrThrow()).version
}
const edit = () => sql`update cafeterias set location = location || '.' where id = ${cafeteriaId}`.execute(db)
const until = async (reached: () => boolean) => {
  while (!reached()) await wait(10)
}
const at = new Date().toISOString()

t.test('anonymous clients follow a menu, and receive each version above the last once', async (t) => {
  const [stranger, customer] = [
    openScreen(t, gateway.url),
    openScreen(t, gateway.url, { token: tokenFor({}) }),
  ]
  const seen = [collectChanges(stranger), collectChanges(customer)]
  const now = await version()
  for (const screen of [stranger, customer])
    t.same(await screen.emitWithAck('catalog:subscribe', { cafeteriaId: cafeteriaId.toUpperCase() }), {
      ok: true,
      version: now,
    })
  // The change is published again and again until the gateway has subscribed in Redis.
  while (seen.some((changes) => changes.length === 0)) {
    publisher.publish({ cafeteriaId, version: now + 1, at })
    await wait(20)
  }
  for (const other of [now, now + 3, now + 2, now + 3, now + 4])
    publisher.publish({ cafeteriaId, version: other, at })
  publisher.publish({ cafeteriaId: randomUUID(), version: 1, at })
  await until(() => seen.every((changes) => changes.at(-1)?.version === now + 4))
  const expected = [now + 1, now + 3, now + 4].map((one) => ({ cafeteriaId, version: one, at }))
  t.same(seen, [expected, expected])

  t.same(await stranger.emitWithAck('catalog:unsubscribe', { cafeteriaId }), { ok: true })
  publisher.publish({ cafeteriaId, version: now + 5, at })
  await until(() => seen[1]?.at(-1)?.version === now + 5)
  t.equal(seen[0]?.length, expected.length, 'a client that has left receives nothing')
})

t.test('what Redis lost is found in the database', async (t) => {
  const watching = await fleet.gateway({ FEED_WATCH_SECONDS: '0.1' })
  const screen = openScreen(t, watching.url)
  const seen = collectChanges(screen)
  t.match(await screen.emitWithAck('catalog:subscribe', { cafeteriaId }), {
    ok: true,
    version: await version(),
  })
  for (let count = 0; count < 2; count += 1) {
    await edit()
    const newest = await version()
    await until(() => seen.at(-1)?.version === newest)
  }
  t.strictSame(
    seen.map((one) => one.version),
    [...new Set(seen.map((one) => one.version))],
    'each once',
  )
})

t.test('what is not there, not valid or too much is refused', async (t) => {
  const screen = openScreen(t, gateway.url)
  const subscribe = (wish: unknown) => screen.emitWithAck('catalog:subscribe', wish as never)
  const gone = await openKitchen(fleet.database)
  await sql`update cafeterias set deleted_at = now() where id = ${gone.cafeteriaId}`.execute(db)
  for (const id of [randomUUID(), gone.cafeteriaId])
    t.same(await subscribe({ cafeteriaId: id }), { ok: false, code: 'cafeteria_not_found' })
  for (const wish of [null, {}, { cafeteriaId: 'x' }, { cafeteriaId, more: 1 }])
    t.match(await subscribe(wish), { ok: false, code: 'validation_failed', errors: [{ message: String }] })
  for (let count = 0; count < 3; count += 1) {
    const other = await openKitchen(fleet.database)
    t.match(await subscribe({ cafeteriaId: other.cafeteriaId }), { ok: true, version: Number })
  }
  t.same(await subscribe({ cafeteriaId }), { ok: false, code: 'too_many_subscriptions' })

  const forged = tokenFor({}, { secret: 'another secret that nobody knows' })
  for (const token of [forged, '', null])
    t.same(await refusalOf(openScreen(t, gateway.url, { token })), { code: 'access_token_invalid' })
})

t.test('a gateway that closes sends the reason to those who follow menus too', async (t) => {
  const leaving = await fleet.gateway()
  const screens = Array.from({ length: 5 }, () => openScreen(t, leaving.url))
  for (const screen of screens) await screen.emitWithAck('catalog:subscribe', { cafeteriaId })
  const reasons = Promise.all(
    screens.map((screen) => new Promise((resolve) => void screen.once('connection:closing', resolve))),
  )
  await leaving.app.close()
  t.same(
    await reasons,
    Array.from({ length: 5 }, () => ({ code: 'draining' })),
  )
})
