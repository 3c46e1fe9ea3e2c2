import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import t from 'tap'
import { openKitchen, startFleet } from '../fixture.ts'
import { openClient, until } from './clients.ts'
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
