import t from 'tap'
import { lifetimeMs, ttlClasses } from '#src/ttl.ts'
import { heldLoad, ownSpace, testCache, twoCaches } from './support.ts'

const tick = () => new Promise((resolve) => void setImmediate(resolve))

/** Waits until a clock has passed, which is what is asked for, and not until something has probably happened. */
async function pass(milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds
  while (performance.now() < end) await tick()
}

t.test('a stale answer is served while one load replaces it', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const options = { ttl: 0.02, staleSeconds: 60 }
  await cache.getOrSet('menu:1', options, async () => 'old')
  await pass(25)
  const held = heldLoad<string>()
  for (let caller = 0; caller < 5; caller++)
    t.equal(await cache.getOrSet('menu:1', options, held.load), 'old')
  await held.started
  t.equal(await cache.getOrSet('menu:1', options, held.load), 'old')
  held.resolve('new')
  while ((await cache.getOrSet('menu:1', options, held.load)) === 'old') await tick()
  t.equal(held.calls(), 1)
})

t.test('an invalidated answer is not served, stale or not', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const options = { ttl: 0.02, staleSeconds: 60, tags: ['a'] }
  await cache.getOrSet('menu:1', options, async () => 'old')
  await pass(25)
  await cache.invalidateTags(['a'])
  t.equal(await cache.getOrSet('menu:1', options, async () => 'new'), 'new')
})

t.test('a stale answer goes on being served when it cannot be loaded anew', async (t) => {
  const { here, there } = await twoCaches(t)
  const options = { ttl: 0.02, staleSeconds: 60 }
  await here.getOrSet('menu:1', options, async () => 'old')
  await pass(25)
  const failing = async () => {
    throw new Error('the database is away')
  }
  t.equal(await here.getOrSet('menu:1', options, failing), 'old')
  t.equal(await there.getOrSet('menu:1', options, failing), 'old')
})

t.test('past both of its times an answer is loaded while its caller waits', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const options = { ttl: 0.01, staleSeconds: 0.01 }
  await cache.getOrSet('menu:1', options, async () => 'old')
  await pass(25)
  t.equal(await cache.getOrSet('menu:1', options, async () => 'new'), 'new')
})

t.test('a stale answer is loaded anew by one process of the fleet', async (t) => {
  const { here, there } = await twoCaches(t)
  const options = { ttl: 0.02, staleSeconds: 60 }
  await here.getOrSet('menu:1', options, async () => 'old')
  await there.get('menu:1')
  await pass(25)
  const held = heldLoad<string>()
  t.equal(await here.getOrSet('menu:1', options, held.load), 'old')
  await held.started
  t.equal(await there.getOrSet('menu:1', options, held.load), 'old')
  await pass(20)
  held.resolve('new')
  while ((await here.get('menu:1')) === 'old') await tick()
  t.equal(held.calls(), 1)
})

t.test('the classes last as long as they say, a tenth more or less', (t) => {
  t.same(ttlClasses, { short: 300, medium: 900, long: 3600, veryLong: 21_600, day: 86_400 })
  const lifetimes = Array.from({ length: 1000 }, () => lifetimeMs('long') / 1000)
  t.ok(lifetimes.every((seconds) => seconds >= 3240 && seconds <= 3960))
  t.ok(Math.max(...lifetimes) - Math.min(...lifetimes) > 500)
  t.ok(lifetimeMs(undefined) >= 1620_000 && lifetimeMs(undefined) <= 1980_000, 'half an hour unless said')
  t.end()
})
