import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { createEventWake, listenForWakes } from '@comanda/events/wake'
import { testRedisNodes } from '@comanda/local-stack/testing'
import { createRedis, createRedisSubscriber } from '@comanda/service'
import t from 'tap'
import { createPace } from '#src/consumers/pace.ts'
import { jobContext } from '../fixture.ts'
import { until } from '../worker-process.ts'

const never = new AbortController().signal

t.test(
  'a consumer that is woken polls before one that is not, also when the wake comes during a poll',
  async (t) => {
    const order: string[] = []
    const [quiet, woken, busy] = [createPace(() => {}), createPace(() => {}), createPace(() => {})]
    for (const pace of [quiet, woken, busy]) pace.heard()
    busy.wake()
    const polls = [
      quiet.wait(never).then(() => order.push('quiet')),
      woken.wait(never).then(() => order.push('woken')),
      busy.wait(never).then(() => order.push('busy')),
    ]
    woken.wake()
    await Promise.all(polls)
    t.same(order.slice(0, 2).toSorted(), ['busy', 'woken'])
  },
)

t.test('without messages from Redis a consumer polls more often, and sends a probe', async (t) => {
  let probes = 0
  const order: string[] = []
  const deaf = createPace(() => void (probes += 1))
  const hearing = createPace(() => t.fail('it has just heard something'))
  hearing.heard()
  await Promise.all([
    hearing.wait(never).then(() => order.push('hearing')),
    deaf.wait(never).then(() => order.push('deaf')),
  ])
  t.same(order, ['deaf', 'hearing'])
  t.equal(probes, 1)
})

t.test('a pause ends when the worker stops', async () => {
  const stopping = new AbortController()
  const pace = createPace(() => {})
  pace.heard()
  const pause = pace.wait(stopping.signal)
  stopping.abort()
  await pause
  await pace.wait(stopping.signal)
})

t.test('wakes of a moment are one message, and the last of them is not forgotten', async (t) => {
  const sent: string[] = []
  const { wake } = createEventWake(
    { spublish: async (_channel, message) => sent.push(String(message)) },
    'test',
  )
  for (let count = 0; count < 100; count += 1) wake()
  await until(() => sent.length === 2)
  await wait(20)
  t.same(sent, ['wake', 'wake'])
})

t.test('a wake comes through Redis, and a probe does without waking', async (t) => {
  const { log } = await jobContext()
  const config = { REDIS_NODES: testRedisNodes(), REDIS_COMMAND_TIMEOUT_MS: 20_000 }
  const [redis, subscriber] = [createRedis(config, log), createRedisSubscriber(config, log)]
  const prefix = `test-${randomUUID()}`
  const heard = { wake: 0, any: 0 }
  const listener = listenForWakes(subscriber, prefix, {
    onWake: () => void (heard.wake += 1),
    onHeard: () => void (heard.any += 1),
  })
  t.teardown(() => {
    listener.stop()
    subscriber.disconnect()
    redis.disconnect()
  })
  const { wake, probe } = createEventWake(redis, prefix)
  await until(() => {
    probe()
    return heard.any > 0
  })
  await until(() => {
    wake()
    return heard.wake > 0
  })
  t.ok(heard.any > heard.wake)
})

t.test(
  'what wakes the workers of one fleet is not heard by those of another in the same Redis',
  async (t) => {
    const { log } = await jobContext()
    const config = { REDIS_NODES: testRedisNodes(), REDIS_COMMAND_TIMEOUT_MS: 20_000 }
    const [redis, subscriber] = [createRedis(config, log), createRedisSubscriber(config, log)]
    const heard = { here: 0, there: 0 }
    const [here, there] = [`test-${randomUUID()}`, `test-${randomUUID()}`]
    const listeners = [
      listenForWakes(subscriber, here, { onWake() {}, onHeard: () => void (heard.here += 1) }),
      listenForWakes(subscriber, there, { onWake() {}, onHeard: () => void (heard.there += 1) }),
    ]
    t.teardown(() => {
      for (const listener of listeners) listener.stop()
      subscriber.disconnect()
      redis.disconnect()
    })
    await until(() => {
      createEventWake(redis, here).probe()
      return heard.here > 0
    })
    t.equal(heard.there, 0)
    await until(() => {
      createEventWake(redis, there).probe()
      return heard.there > 0
    })
  },
)
