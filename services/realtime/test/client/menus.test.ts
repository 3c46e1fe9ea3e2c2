import { randomUUID } from 'node:crypto'
import type { Dashboard } from '@comanda/events'
import { sql } from 'kysely'
import t from 'tap'
import { openKitchen, startFleet, tokenFor } from '../fixture.ts'
import { numberQuietly, openClient, openPhone, until } from './clients.ts'
import { startProxy } from './proxy.ts'

const fleet = await startFleet(t)
const { database } = fleet
const gateway = await fleet.gateway({ FEED_WATCH_SECONDS: '0.2' })
const kitchen = await openKitchen(database)
const { cafeteriaId } = kitchen
const edit = () =>
  sql`update cafeterias set location = location || '.' where id = ${cafeteriaId}`.execute(database.primary)

t.test(
  'a screen that shows a menu receives each newer version, without a token and after a cut',
  async (t) => {
    const proxy = await startProxy(t, gateway.url)
    const client = openClient(t, {
      url: proxy.url,
      getAccessToken: () => Promise.reject(new Error('nobody is logged in')),
    })
    const versions: number[] = []
    const refused: string[] = []
    const screen = { onVersion: (version: number) => versions.push(version) }
    const following = client.followCatalogue(cafeteriaId, screen)
    client.followCatalogue(randomUUID(), { ...screen, onRefused: (code) => refused.push(code) })
    await until(() => versions.length === 1 && refused.length === 1)
    t.strictSame(refused, ['cafeteria_not_found'])
    await edit()
    await until(() => versions.length === 2)

    proxy.leadTo(null)
    proxy.cut()
    await until(() => client.state() === 'waiting')
    await edit()
    proxy.leadTo(gateway.url)
    await until(() => versions.length === 3)
    t.strictSame(
      versions,
      versions.toSorted((one, other) => one - other),
    )

    following.stop()
    await edit()
    const late: number[] = []
    client.followCatalogue(cafeteriaId, { onVersion: (version) => late.push(version) })
    await until(() => late.length > 0)
    t.equal(versions.length, 3)
    t.ok((late[0] as number) > (versions[2] as number))
  },
)

t.test('a manager sees the day change, and menus and orders over the same connection', async (t) => {
  const proxy = await startProxy(t, gateway.url)
  const memberships = { [cafeteriaId]: 'manager' } as const
  const client = openClient(t, { url: proxy.url, token: tokenFor({ role: 'manager', memberships }) })
  const days: Dashboard[] = []
  const versions: number[] = []
  client.followDashboard(cafeteriaId, { onDashboard: (dashboard) => days.push(dashboard) })
  client.followCatalogue(cafeteriaId, { onVersion: (version) => versions.push(version) })
  await until(() => days.length > 0 && versions.length > 0)
  const orderId = await kitchen.place()
  const phone = openPhone(client, orderId)
  await kitchen.move(orderId, 'pending_payment', 'placed')
  await numberQuietly(database, cafeteriaId)
  await until(() => days.at(-1)?.placedOrders === 1 && phone.states.at(-1)?.status === 'placed')
  t.equal(client.state(), 'connected')
  t.equal(proxy.connections(), 1)
})

t.test('a dashboard is for managers', async (t) => {
  const client = openClient(t, { url: gateway.url, token: tokenFor(kitchen.staff) })
  const refused: string[] = []
  client.followDashboard(cafeteriaId, {
    onDashboard: () => t.fail(),
    onRefused: (code) => refused.push(code),
  })
  await until(() => refused.length > 0)
  t.strictSame(refused, ['cafeteria_not_found'])
})
