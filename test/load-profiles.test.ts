import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { placeOrder } from '../load-tests/profiles/actions/order.ts'
import { chooseByWeight, chooseSome } from '../load-tests/profiles/choose.ts'
import { operations } from '../load-tests/profiles/operations.ts'
import { profiles } from '../load-tests/profiles/profiles.ts'
import { isCrowd, lasting, scenarios, usersAt } from '../load-tests/profiles/scenarios.ts'
import type { ProfileKitchen, Visitor } from '../load-tests/profiles/world.ts'
import { createDevices } from '../load-tests/runner/device.ts'
import { createHttpClient } from '../load-tests/runner/http-client.ts'
import { createRecorder } from '../load-tests/runner/recorder.ts'
import { startWorld } from './start-world.ts'

const root = join(import.meta.dirname, '..')

t.test('what customers and heavy users do weighs 4, 3, 3, 2, 2, 2, 1, 1 and 1', (t) => {
  for (const profile of ['normal', 'heavy'] as const)
    t.strictSame(
      profiles[profile].map(({ weight }) => weight),
      [4, 3, 3, 2, 2, 2, 1, 1, 1],
      profile,
    )
  t.strictSame(
    scenarios.profiles.mix.map(({ weight }) => weight),
    [9, 1],
    'one in ten is heavy',
  )
  t.end()
})

t.test('a weight is how often something is chosen', (t) => {
  const list = [
    { name: 'a', weight: 3 },
    { name: 'b', weight: 1 },
  ]
  const chosen = [0, 0.5, 0.74, 0.76, 0.999].map((number) => chooseByWeight(list, () => number).name)
  t.strictSame(chosen, ['a', 'a', 'a', 'b', 'b'])
  t.strictSame(
    chooseSome([1, 2, 3], 5, () => 0),
    [1, 2, 3],
    'no more than there are, and none twice',
  )
  t.end()
})

t.test('the number of users changes evenly within a stage', (t) => {
  const { spike, soak } = scenarios
  t.strictSame(
    [0, 59, 65, 70, 100, 135, 140, 200].map((second) => Math.round(usersAt(spike, second))),
    [500, 500, 2750, 5000, 5000, 2750, 500, 500],
  )
  const shorter = lasting(spike, 20)
  t.equal(Math.round(usersAt(shorter, 6.5)), 2750, 'each stage is in proportion')
  t.equal(usersAt(lasting(soak, 60), 30), 1000)
  t.strictSame(
    Object.values(scenarios)
      .filter((scenario) => !isCrowd(scenario))
      .map(({ name }) => name),
    ['10-users', '50-users', '100-users', 'profiles'],
  )
  t.end()
})

t.test('the rush asks for at least the 12,500 orders in half an hour that it promises', (t) => {
  const { users, thinkSeconds, objectives } = scenarios.rush
  const orders = profiles.normal.find(({ name }) => name === 'place_order')?.weight ?? 0
  const all = profiles.normal.reduce((sum, { weight }) => sum + weight, 0)
  t.ok((users / thinkSeconds) * (orders / all) > (objectives.ordersPerSecond ?? 0) * 1.1)
  t.equal((objectives.ordersPerSecond ?? 0) * 1800, 12_500)
  t.end()
})

t.test('every operation is one of the API', (t) => {
  const { paths } = JSON.parse(readFileSync(join(root, 'services/orders/openapi.json'), 'utf8'))
  const known = new Set(
    Object.values<Record<string, { operationId?: string }>>(paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    ),
  )
  for (const operation of operations) t.ok(known.has(operation), operation)
  t.end()
})

t.test('every action of every profile is answered as it expects', async (t) => {
  const world = await startWorld(t, 2)
  const recorder = createRecorder()
  const http = createHttpClient(world.url)
  t.teardown(() => http.close())
  const deviceFor = createDevices({ gatewayUrl: world.gatewayUrl, http, recorder })
  const visitor: Visitor = {
    world,
    customer: 0,
    token: world.customers[0] ?? '',
    kitchen: world.kitchens[0] as ProfileKitchen,
  }
  // Whoever has no order has none to open.
  await placeOrder(deviceFor(performance.now()), visitor)
  for (const { name, act } of Object.values(profiles).flat()) {
    const before = recorder.figures().requests
    await act(deviceFor(performance.now()), visitor)
    t.ok(recorder.figures().requests > before, `${name} asks for something`)
  }
  const { problems, counts, operations: called, eventDelay } = recorder.figures()
  t.strictSame(problems, [])
  t.strictSame(counts, { orders_placed: 4, sockets_opened: 1 }, 'nothing was declined, lost or missed')
  t.equal(eventDelay.count, 4)
  t.strictSame(Object.keys(called).toSorted(), [...operations].toSorted(), 'k6 reports on each of them')
})
