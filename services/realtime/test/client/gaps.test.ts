import { sql } from 'kysely'
import t from 'tap'
import { openKitchen, startFleet, tokenFor } from '../fixture.ts'
import { numberQuietly, numbers, openClient, openRelay, openScreen, startOrders, until } from './clients.ts'

const fleet = await startFleet(t)
const { database } = fleet
const kitchen = await openKitchen(database)
const { cafeteriaId } = kitchen
const relay = await openRelay(t, database, fleet.redisPrefix)
const orders = await startOrders(t, fleet.url)
await placeQuietly(1)

/** Starts a gateway that does not poll the feed before the test is over. */
async function blindGateway() {
  const gateway = await fleet.gateway({ FEED_WATCH_SECONDS: '600' })
  await relay.untilHeard(gateway)
  return gateway
}

/** Places orders whose events are not published to any gateway. Returns the newest number. */
async function placeQuietly(count: number): Promise<number> {
  for (let placed = 0; placed < count; placed += 1) await kitchen.place()
  return numberQuietly(database, cafeteriaId)
}

/** Counts how often screens asked this gateway for what they missed. */
async function asked({ metrics }: Awaited<ReturnType<typeof blindGateway>>): Promise<number> {
  const text = await metrics.registry.metrics()
  return Number(/event="order:subscribe_live_feed"\} (\d+)/.exec(text)?.[1])
}

t.test('what Redis lost is caught up at the next message, in one go', async (t) => {
  const gateway = await blindGateway()
  const client = openClient(t, { url: gateway.url, token: tokenFor(kitchen.staff) })
  const held = await placeQuietly(3)
  const screen = openScreen(client, cafeteriaId, { after: 0 })
  await screen.reaches(held)
  const newest = await placeQuietly(10)
  // Several events come at once, each of which shows that others are missing.
  for (const seq of [newest - 6, newest - 3, newest - 1, newest - 3])
    await relay.publishEvent(cafeteriaId, seq)
  await until(() => screen.board?.current === false)
  await screen.reaches(newest)
  t.strictSame(screen.seqs, numbers(1, newest))
  t.equal(screen.board?.orders.size, newest)
  t.equal(await asked(gateway), 2, 'at the beginning, and for all gaps together')
  t.equal(screen.resets, 0)
})

t.test('a number that comes in the wrong order is no reason to ask', async (t) => {
  const gateway = await blindGateway()
  const client = openClient(t, { url: gateway.url, token: tokenFor(kitchen.staff) })
  const held = await placeQuietly(1)
  const screen = openScreen(client, cafeteriaId, { after: held - 1 })
  await screen.reaches(held)
  await placeQuietly(2)
  await relay.publishEvent(cafeteriaId, held + 2)
  await relay.publishEvent(cafeteriaId, held + 1)
  await screen.reaches(held + 2)
  t.strictSame(screen.seqs, numbers(held, held + 2))
  t.equal(await asked(gateway), 1)
})

t.test('the newest number that the gateway sends is enough to notice a gap', async (t) => {
  // The gateway sends the number at one poll, and reads the events up to it only at the next, seconds later.
  const gateway = await fleet.gateway({ FEED_WATCH_SECONDS: '4' })
  const client = openClient(t, { url: gateway.url, token: tokenFor(kitchen.staff) })
  const held = await placeQuietly(1)
  const screen = openScreen(client, cafeteriaId, { after: held })
  await screen.reaches(held)
  const newest = await placeQuietly(1)
  await screen.reaches(newest)
  t.strictSame(screen.seqs, [newest])
  t.equal(await asked(gateway), 2)
})

t.test('hundreds are read page by page; beyond a thousand the board is read anew', async (t) => {
  const gateway = await blindGateway()
  const client = openClient(t, { url: gateway.url, apiUrl: orders.url, token: tokenFor(kitchen.staff) })
  const from = await placeQuietly(1)
  const newest = await placeQuietly(450)
  const near = openScreen(client, cafeteriaId, { after: from })
  await near.reaches(newest)
  t.strictSame(near.seqs, numbers(from + 1, newest))
  t.equal(await asked(gateway), 5)
  t.equal(near.resets, 0)
  near.stop()

  const last = await placeQuietly(600)
  const far = openScreen(client, cafeteriaId, { after: from })
  await far.reaches(last)
  t.equal(await asked(gateway), 6)
  t.equal(far.resets, 1)
  t.strictSame(far.seqs, [])
  const { rows } = await sql<{ open: number }>`select count(*)::int as open from orders`.execute(
    database.primary,
  )
  t.equal(far.board?.orders.size, rows[0]?.open)
})

t.test('a screen behind what the feed keeps reads the board anew', async (t) => {
  const gateway = await blindGateway()
  const kitchen = await openKitchen(database)
  const { cafeteriaId } = kitchen
  const client = openClient(t, { url: gateway.url, apiUrl: orders.url, token: tokenFor(kitchen.staff) })
  const orderId = await kitchen.place()
  const screen = openScreen(client, cafeteriaId, { after: 0 })
  await screen.reaches(await numberQuietly(database, cafeteriaId))
  t.strictSame(screen.statuses(), { [orderId]: 'pending_payment' })
  await kitchen.move(orderId, 'pending_payment', 'cancelled')
  const open = await kitchen.place()
  const newest = await numberQuietly(database, cafeteriaId)
  await sql`delete from feed where cafeteria_id = ${cafeteriaId} and seq < ${newest}`.execute(
    database.primary,
  )
  await relay.publishEvent(cafeteriaId, newest)
  await until(() => screen.resets === 1)
  await screen.reaches(newest)
  t.strictSame(screen.statuses(), { [open]: 'pending_payment' }, 'without the one that was closed meanwhile')
})
