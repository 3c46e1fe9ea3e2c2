import { setTimeout as wait } from 'node:timers/promises'
import type { DashboardListener } from '@comanda/client/realtime'
import { sql } from 'kysely'
import t from 'tap'
import { openKitchen, startFleet, tokenFor } from '../fixture.ts'
import { openDashboardPublisher } from '../publishing.ts'
import { openClient, until } from './clients.ts'
import { startProxy } from './proxy.ts'

type Dashboard = Parameters<DashboardListener['onDashboard']>[0]

const fleet = await startFleet(t)
const [gateway, analytics] = [await fleet.gateway(), await fleet.analytics()]
await fleet.worker()
const kitchen = await openKitchen(fleet.database)
const { cafeteriaId } = kitchen
const memberships = { [cafeteriaId]: 'manager' } as const
const token = tokenFor({ role: 'manager', memberships })
const proxy = await startProxy(t, gateway.url)

async function placed(): Promise<void> {
  await kitchen.move(await kitchen.place(), 'pending_payment', 'placed')
}

t.test('a manager sees the day change, also what happened while there was no connection', async (t) => {
  let reads = 0
  let mayRead = true
  const client = openClient(t, {
    url: proxy.url,
    analyticsUrl: analytics.url,
    token,
    async fetch(url, init) {
      if (!mayRead) throw new Error('not now')
      reads += 1
      return fetch(url, init)
    },
  })
  const days: Dashboard[] = []
  client.followDashboard(cafeteriaId, { onDashboard: (dashboard) => days.push(dashboard) })
  client.followCatalogue(cafeteriaId, { onVersion() {} })
  await until(() => days.length > 0)
  t.match(days[0], { cafeteriaId, summary: { placed: 0 } })
  t.ok(days[0]?.lastWeek, 'beside last week')

  mayRead = false
  await placed()
  await until(() => days.at(-1)?.summary.placed === 1)
  const shown = days.at(-1)
  t.match(
    shown?.statuses.find(({ status }) => status === 'placed'),
    { orders: 1 },
  )
  t.same({ ...shown, asOf: 0, summary: 0, statuses: 0 }, { ...days[0], asOf: 0, summary: 0, statuses: 0 })
  t.equal(proxy.connections(), 1)

  proxy.leadTo(null)
  proxy.cut()
  await until(() => client.state() === 'waiting')
  await placed()
  await until(async () => {
    const { rows } = await sql<{ placed: number }>`
      select sum(placed)::int as placed from rollup_days where cafeteria_id = ${cafeteriaId}`.execute(
      fleet.database.primary,
    )
    return rows[0]?.placed === 2
  })
  mayRead = true
  const before = reads
  proxy.leadTo(gateway.url)
  await until(() => days.at(-1)?.summary.placed === 2)
  t.ok(reads > before, 'it was read again')
})

t.test(
  'a change of the next day has the dashboard read again, and is not mixed with the old day',
  async (t) => {
    const publisher = await openDashboardPublisher(t, fleet.redisPrefix)
    let reads = 0
    const client = openClient(t, {
      url: gateway.url,
      analyticsUrl: analytics.url,
      token,
      fetch(url, init) {
        reads += 1
        return fetch(url, init)
      },
    })
    const days: Dashboard[] = []
    client.followDashboard(cafeteriaId, { onDashboard: (dashboard) => days.push(dashboard) })
    await until(() => days.length > 0)
    const known = days.at(-1) as Dashboard
    const number = 2 ** 40
    const change = {
      cafeteriaId,
      day: known.to,
      number,
      asOf: new Date(Date.now() + 60_000).toISOString(),
      summary: { ...known.summary, placed: 1000 },
      statuses: known.statuses,
    }
    publisher.publish(change)
    await until(() => days.at(-1)?.summary.placed === 1000)
    publisher.publish({ ...change, number: number - 1, summary: { ...known.summary, placed: 999 } })
    // The gateway sends it a second after the one before; one that is published meanwhile would replace it.
    await wait(1500)
    const readsBefore = reads
    const day = new Date(Date.parse(known.to) + 86_400_000).toISOString().slice(0, 10)
    publisher.publish({ ...change, day, number: number + 1, summary: { ...known.summary, placed: 5 } })
    await until(() => reads > readsBefore && days.at(-1)?.summary.placed === known.summary.placed)
    t.notOk(
      days.some(({ summary }) => [5, 999].includes(summary.placed)),
      'neither another day nor an older change is shown',
    )
  },
)

t.test('a dashboard is for managers', async (t) => {
  const client = openClient(t, { url: gateway.url, token: tokenFor(kitchen.staff) })
  const refused: string[] = []
  client.followDashboard(cafeteriaId, {
    onDashboard: () => t.fail(),
    onRefused: (code) => refused.push(code),
  })
  await until(() => refused.length > 0)
  t.strictSame(refused, ['forbidden_role'])
})
