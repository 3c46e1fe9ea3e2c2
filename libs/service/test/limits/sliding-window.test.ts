import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { testRedisNodes } from '@comanda/local-stack/testing'
import t from 'tap'
import { createRedis } from '#src/index.ts'
import { localSlidingWindow } from '#src/limits/local-window.ts'
import { redisSlidingWindow, type Verdict } from '#src/limits/sliding-window.ts'
import { nextMessage, redisReady } from '#src/testing/index.ts'
import { testConfig } from '../support.ts'

const config = testConfig({ REDIS_NODES: testRedisNodes() })
const redis = createRedis(config, { warn() {}, info() {} })
await redisReady(redis)
t.teardown(() => redis.disconnect())

type Take = (key: string, policy: { max: number; windowMs: number }) => Promise<Verdict>

let time = 0
const windows: [name: string, take: Take][] = [
  ['in Redis', (key, policy) => redisSlidingWindow(redis, 'test', () => time)(key, policy, 1)],
  ['in memory', localTake()],
]

function localTake(): Take {
  const take = localSlidingWindow(() => time)
  return async (key, policy) => take(key, policy)
}

for (const [name, take] of windows) {
  t.test(`a window ${name} slides: each request frees its place exactly one window later`, async (t) => {
    const key = randomUUID()
    const policy = { max: 3, windowMs: 60_000 }
    const at = async (now: number) => {
      time = 1_700_000_000_000 + now
      return take(key, policy)
    }
    t.same(await at(0), { granted: 1, used: 1, resetMs: 60_000 })
    t.same(await at(10_000), { granted: 1, used: 2, resetMs: 50_000 })
    t.same(await at(20_000), { granted: 1, used: 3, resetMs: 40_000 })
    t.same(await at(59_999), { granted: 0, used: 3, resetMs: 1 }, 'still full a millisecond before the edge')
    t.same(await at(60_000), { granted: 1, used: 3, resetMs: 10_000 }, 'one place, not three, at the edge')
    t.same(await at(60_001), { granted: 0, used: 3, resetMs: 9_999 })
    t.same(await at(69_999), { granted: 0, used: 3, resetMs: 1 }, 'being refused does not prolong the wait')
    t.same(await at(70_000), { granted: 1, used: 3, resetMs: 10_000 })
    t.same(await at(500_000), { granted: 1, used: 1, resetMs: 60_000 }, 'all are forgotten in time')
  })

  t.test(`no window of time ${name} holds more than the limit, wherever it starts`, async (t) => {
    const key = randomUUID()
    const granted: number[] = []
    for (let now = 0; now < 5_000; now += 37) {
      time = 1_800_000_000_000 + now
      if ((await take(key, { max: 7, windowMs: 1_000 })).granted === 1) granted.push(now)
    }
    for (const start of granted) {
      t.ok(granted.filter((at) => at >= start && at < start + 1_000).length <= 7, `from ${start}`)
    }
    t.ok(granted.length >= 5 * 7, 'and the limit is used up')
  })
}

t.test('a block is granted as far as there is room', async (t) => {
  const take = redisSlidingWindow(redis, 'test', () => 1_900_000_000_000)
  const key = randomUUID()
  const policy = { max: 10, windowMs: 60_000 }
  t.match(await take(key, policy, 6), { granted: 6, used: 6 })
  t.match(await take(key, policy, 6), { granted: 4, used: 10 })
  t.match(await take(key, policy, 6), { granted: 0, used: 10 })
})

t.test('windows leave nothing behind in Redis', async (t) => {
  const key = randomUUID()
  const take = redisSlidingWindow(redis, 'test')
  await take(key, { max: 1, windowMs: 200 }, 1)
  await take(key, { max: 1, windowMs: 200 }, 1)
  for (const name of [`test:limit:{${key}}`, `test:limit:{${key}}:sum`]) {
    const left = await redis.pttl(name)
    t.ok(left > 0 && left <= 200, `${name} expires`)
  }
})

t.test('a stale sum without its list does not refuse anybody', async (t) => {
  const key = randomUUID()
  await redis.set(`test:limit:{${key}}:sum`, 5)
  t.match(await redisSlidingWindow(redis, 'test')(key, { max: 5, windowMs: 1_000 }, 1), {
    granted: 1,
    used: 1,
  })
})

t.test('two processes at once are granted exactly the limit between them', async (t) => {
  const key = randomUUID()
  const program = new URL('./take-many.ts', import.meta.url)
  const env = { ...process.env, REDIS_NODES: config.REDIS_NODES }
  const children = [1, 2].map(() => fork(program, [key, '100', '80'], { env }))
  t.teardown(() => children.forEach((child) => child.kill('SIGKILL')))
  await Promise.all(children.map((child) => nextMessage(child)))
  const answers = children.map((child) => nextMessage<number>(child))
  for (const child of children) child.send('go')
  const [first, second] = (await Promise.all(answers)) as [number, number]
  t.equal(first + second, 100, `${first} and ${second} of 80 each`)
})

t.test('the memory window keeps a bounded number of keys and forgets the longest unused', async (t) => {
  const take = localSlidingWindow(() => 0)
  const policy = { max: 1, windowMs: 1_000 }
  take('kept', policy)
  for (let i = 0; i < 19_999; i++) {
    take(`key-${i}`, policy)
    if (i === 10_000) take('kept', policy)
  }
  take('one-more', policy)
  t.equal(take('kept', policy).granted, 0)
  t.equal(take('key-0', policy).granted, 1, 'forgotten')
})
