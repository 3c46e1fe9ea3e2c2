import t from 'tap'
import { openKitchen, startFleet, tokenFor } from '../fixture.ts'
import { numbers, openClient, openPhone, openScreen, startOrders, until, untilNumbered } from './clients.ts'

const fleet = await startFleet(t)
const [gateway, orders] = [await fleet.gateway(), await startOrders(t, fleet.url)]
const kitchen = await openKitchen(fleet.database)
const { cafeteriaId } = kitchen
await fleet.worker()
const steps = ['pending_payment', 'placed', 'accepted', 'preparing', 'ready', 'collected']

async function advance(orderId: string, from: string, to: string): Promise<void> {
  const path = steps.slice(steps.indexOf(from), steps.indexOf(to) + 1)
  for (const [index, step] of path.slice(1).entries())
    await kitchen.move(orderId, path[index] as string, step)
}

const staff = () => openClient(t, { url: gateway.url, apiUrl: orders.url, token: tokenFor(kitchen.staff) })
const customer = () => openClient(t, { url: gateway.url, token: tokenFor(kitchen.customer) })

t.test('a screen begins with what is open, and shows what happens, each event once', async (t) => {
  const [open, closed] = [await kitchen.place(), await kitchen.place()]
  await advance(open, 'pending_payment', 'accepted')
  await advance(closed, 'pending_payment', 'collected')
  await untilNumbered(fleet.database)
  const screen = openScreen(staff(), cafeteriaId)
  await screen.reaches(9)
  t.strictSame(screen.statuses(), { [open]: 'accepted' })
  t.strictSame(screen.seqs, [])

  const placed = await kitchen.place()
  await advance(open, 'accepted', 'collected')
  await screen.reaches(13)
  t.strictSame(screen.statuses(), { [open]: 'collected', [placed]: 'pending_payment' })
  t.strictSame(screen.seqs, numbers(10, 13))
  t.equal(screen.resets, 0)

  const late = openScreen(staff(), cafeteriaId, { after: 0, keepClosed: 1 })
  await late.reaches(13)
  t.strictSame(late.seqs, numbers(1, 13), 'from the number that is known')
  t.strictSame(late.statuses(), screen.statuses(), 'of those that are closed the last one stays')
})

t.test('a phone receives the state at once and every newer one, until it stops', async (t) => {
  const orderId = await kitchen.place()
  const states: string[] = []
  const client = openClient(t, {
    url: gateway.url,
    token: tokenFor(kitchen.customer),
    onState: (state) => states.push(state),
  })
  t.equal(client.state(), 'waiting')
  const phone = openPhone(client, orderId)
  await until(() => phone.states.length === 1)
  t.strictSame(states, ['connecting', 'connected'])
  const second = openPhone(client, orderId)
  t.strictSame(second.states, phone.states, 'who follows what is followed knows it at once')
  await advance(orderId, 'pending_payment', 'accepted')
  await until(() => phone.states.at(-1)?.version === 3 && second.states.at(-1)?.version === 3)
  t.match(phone.states.at(-1), { id: orderId, cafeteriaId, status: 'accepted' })

  phone.stop()
  await advance(orderId, 'accepted', 'preparing')
  await until(() => second.states.at(-1)?.version === 4)
  t.equal(phone.states.at(-1)?.version, 3)
  client.close()
  t.equal(states.at(-1), 'closed')
  t.throws(() => openPhone(client, orderId), /closed/)
})

t.test('what may not be followed is refused once, and the rest goes on', async (t) => {
  const mine = await kitchen.place()
  const others = (await openKitchen(fleet.database)).cafeteriaId
  const client = customer()
  const refused = openPhone(client, others)
  const screen = openScreen(client, cafeteriaId)
  await until(() => refused.refused.length > 0 && screen.refused.length > 0)
  t.strictSame(refused.refused, ['order_not_found'])
  t.strictSame(screen.refused, ['cafeteria_not_found'])
  const phone = openPhone(client, mine)
  await until(() => phone.states.length > 0)
  t.equal(client.state(), 'connected')
  const again = openPhone(client, others)
  await until(() => again.refused.length > 0)
  t.equal(refused.refused.length, 1)
})

t.test('a screen that follows much at once is not taken for a flooder', async (t) => {
  const client = customer()
  const orderIds: string[] = []
  for (let count = 0; count < 120; count += 1) orderIds.push(await kitchen.place())
  const phones = orderIds.map((orderId) => openPhone(client, orderId))
  await until(() => phones.every(({ states }) => states.length > 0))
  t.equal(client.state(), 'connected')
  t.notMatch(await gateway.metrics.registry.metrics(), /reason="rate_limited"\} [1-9]/)
})
