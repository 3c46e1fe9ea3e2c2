import t from 'tap'
import type { Cache, LoadContext } from '#src/index.ts'
import { ownSpace, testCache, twoCaches } from './support.ts'

const menu = { name: 'Menu', items: [{ id: 'a', price: 100 }] }

t.test('a value is loaded once, kept in the process, and found in Redis by another', async (t) => {
  const { here, there } = await twoCaches(t)
  let loads = 0
  const load = async () => {
    loads++
    return menu
  }
  const options = { tags: ['menu:1'], ttl: 'short' } as const
  t.same(await here.getOrSet('menu:1', options, load), menu)
  t.same(await here.getOrSet('menu:1', options, load), menu)
  t.same(await there.getOrSet('menu:1', options, load), menu)
  t.equal(loads, 1)
  t.match(here.stats(), { memory: { hits: 1, misses: 1 }, loads: 1 })
  t.match(there.stats(), { memory: { hits: 0, misses: 1 }, redis: { hits: 1 }, loads: 0 })
})

t.test('what the process keeps is handed out without a word to Redis', async (t) => {
  const { cache, redis } = await testCache(t, { space: ownSpace() })
  await cache.getOrSet('menu:1', { tags: ['a', 'b'] }, async () => menu)
  redis.disconnect()
  t.same(await cache.getOrSet('menu:1', { tags: ['a', 'b'] }, async () => t.fail('loaded')), menu)
})

t.test('a value is the same whether it was loaded or found, and nobody can change it', async (t) => {
  const { here, there } = await twoCaches(t)
  const load = async () => ({ at: new Date(0), nothing: undefined, list: [1] })
  const loaded = await here.getOrSet<unknown>('value:1', {}, load)
  t.strictSame(loaded, { at: '1970-01-01T00:00:00.000Z', list: [1] })
  t.strictSame(await there.getOrSet('value:1', {}, load), loaded)
  t.throws(() => (loaded as { list: number[] }).list.push(2), TypeError)
})

t.test('set replaces and delete removes a value in every process', async (t) => {
  const { here, there } = await twoCaches(t)
  await here.set('setting:1', 'old', { ttl: 'day' })
  t.equal(await there.get('setting:1'), 'old')
  await here.set('setting:1', 'new', { ttl: 'day' })
  t.equal(await here.get('setting:1'), 'new')
  await t.resolves(until(async () => (await there.get('setting:1')) === 'new'))
  await there.delete('setting:1')
  t.equal(await there.get('setting:1'), undefined)
  await t.resolves(until(async () => (await here.get('setting:1')) === undefined))
})

t.test('an empty answer is kept only when that was asked for', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  let loads = 0
  for (const empty of [null, []]) {
    const load = async () => (loads++, empty)
    for (const cacheEmpty of [false, true]) {
      loads = 0
      const key = `empty:${JSON.stringify(empty)}${cacheEmpty}`
      t.same(await cache.getOrSet(key, { cacheEmpty }, load), empty)
      t.same(await cache.getOrSet(key, { cacheEmpty }, load), empty)
      t.equal(loads, cacheEmpty ? 1 : 2)
    }
  }
})

t.test('an answer that is too large is handed out and not kept', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace(), config: { CACHE_ENTRY_BYTES: 1024 } })
  const large = 'x'.repeat(2000)
  t.equal(await cache.getOrSet('text:1', {}, async () => large), large)
  t.equal(await cache.get('text:1'), undefined)
})

t.test('the process keeps no more bytes than it may, the longest unused leave first', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace(), config: { CACHE_MEMORY_BYTES: 200_000 } })
  const load = async () => 'x'.repeat(10_000)
  for (let index = 0; index < 20; index++) await cache.getOrSet(`text:${index}`, {}, load)
  const { memory, evictions, prefixes } = cache.stats()
  t.ok(memory.bytes <= 200_000 && memory.bytes > 100_000)
  t.equal(memory.entries + evictions, 20)
  t.equal(prefixes[0]?.entries, memory.entries)
  const { redis } = cache.stats()
  await cache.getOrSet('text:0', {}, async () => t.fail('loaded'))
  t.equal(cache.stats().redis.hits, redis.hits + 1, 'what left the process is still in Redis')
})

t.test('what changes by itself is not served beyond that moment, from either layer', async (t) => {
  const { here, there } = await twoCaches(t)
  let loads = 0
  const read = (cache: Cache, moment: number) =>
    cache.getOrSet('menu:1', { ttl: 'day', staleSeconds: 3600 }, async ({ changesAt }) => {
      changesAt(moment + 100_000)
      changesAt(moment)
      return ++loads
    })
  const change = Date.now() + 300
  const later = change + 60_000
  t.equal(await read(here, change), 1)
  await until(async () => (await read(there, later)) === 1 || loads > 1)
  // Whoever got 1 got it before the change.
  for (;;) {
    const asked = Date.now()
    const answer = await read(here, later)
    if (answer > 1) break
    t.ok(asked < change)
  }
  t.ok(Date.now() >= change)
  const count = loads
  t.equal(await read(here, change), count, 'and then for a minute')
})

t.test('what has changed already is handed out and not kept', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const load = async ({ changesAt }: LoadContext) => (changesAt(Date.now() - 1), 'past')
  t.equal(await cache.getOrSet('menu:1', {}, load), 'past')
  t.equal(await cache.get('menu:1'), undefined)
})

t.test('switched off, everything is loaded each time', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace(), config: { CACHE: 'off' } })
  let loads = 0
  const load = async () => ++loads
  t.equal(await cache.getOrSet('number:1', {}, load), 1)
  t.equal(await cache.getOrSet('number:1', {}, load), 2)
  await cache.set('number:1', 7, {})
  t.equal(await cache.get('number:1'), undefined)
})

t.test('versions of a service do not read each other’s entries', async (t) => {
  const space = ownSpace()
  const { cache: older } = await testCache(t, { space, namespace: 'orders-1' })
  const { cache: newer } = await testCache(t, { space, namespace: 'orders-2' })
  await older.set('menu:1', 'old shape', {})
  t.equal(await newer.get('menu:1'), undefined)
})

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => void setImmediate(resolve))
}
