import { randomUUID } from 'node:crypto'
import t from 'tap'
import { numberQuietly, openClient, openRelay, openScreen } from './client/clients.ts'
import { openKitchen, startFleet, tokenFor } from './fixture.ts'

t.test('two fleets whose cafeterias have the same ids share a Redis, and nothing in it', async (t) => {
  const fleet = await startFleet(t)
  const kitchen = await openKitchen(fleet.database)
  await kitchen.place()
  const held = await numberQuietly(fleet.database, kitchen.cafeteriaId)
  const elsewhere = `test-${randomUUID()}`

  async function open(prefix: string) {
    const relay = await openRelay(t, fleet.database, prefix)
    // The gateway does not poll the feed before the test is over.
    const gateway = await fleet.gateway({ FEED_WATCH_SECONDS: '600', REDIS_PREFIX: prefix })
    await relay.untilHeard(gateway)
    const client = openClient(t, { url: gateway.url, token: tokenFor(kitchen.staff) })
    const screen = openScreen(client, kitchen.cafeteriaId, { after: held })
    await screen.reaches(held)
    return { relay, gateway, screen }
  }
  const [ours, theirs] = await Promise.all([open(fleet.redisPrefix), open(elsewhere)])
  await kitchen.place()
  const placed = await numberQuietly(fleet.database, kitchen.cafeteriaId)

  await theirs.relay.publishEvent(kitchen.cafeteriaId, placed)
  await theirs.screen.reaches(placed)
  await ours.relay.untilHeard(ours.gateway)
  t.strictSame(ours.screen.seqs, [])
  await ours.relay.publishEvent(kitchen.cafeteriaId, placed)
  await ours.screen.reaches(placed)
})
