import t from 'tap'
import { globTest } from '#src/coherence/glob.ts'
import { ownSpace, testCache, twoCaches } from './support.ts'

t.test('a pattern removes its keys from every master and every process, and only those', async (t) => {
  const { here, there, space, parts } = await twoCaches(t)
  const keys = Array.from({ length: 300 }, (_, index) => `menu:${index}:2026`)
  for (const key of [...keys, 'orders:1:2026']) await here.getOrSet(key, { hot: false }, async () => key)
  for (const key of keys) await there.get(key)
  t.equal(await here.invalidatePattern('menu:*:2026'), 300)
  t.equal(await here.invalidatePattern('menu:*:2026'), 0)
  for (const key of keys) t.equal(await here.get(key), undefined)
  while ((await there.get('menu:299:2026')) !== undefined)
    await new Promise((resolve) => void setImmediate(resolve))
  for (const key of keys) t.equal(await there.get(key), undefined)
  t.equal(await there.get('orders:1:2026'), 'orders:1:2026')
  const left = await Promise.all(
    parts.here.redis.nodes('master').map((node) => node.keys(`${space}:entries:*`)),
  )
  t.same(left.flat(), [`${space}:entries:test-1:{orders:1:2026}`])
})

t.test(
  'what is loaded after a pattern was invalidated is kept, also by a process that starts later',
  async (t) => {
    const space = ownSpace()
    const { cache } = await testCache(t, { space })
    await cache.invalidatePattern('menu:*')
    await cache.getOrSet('menu:1', {}, async () => 'new')
    const { cache: later } = await testCache(t, { space })
    t.equal(await later.get('menu:1'), 'new')
  },
)

t.test('more patterns than are remembered outdate everything before them', async (t) => {
  const space = ownSpace()
  const { cache } = await testCache(t, { space, config: { CACHE_MEMORY_BYTES: 0 } })
  await cache.getOrSet('kept:1', {}, async () => 'old')
  for (let index = 0; index < 130; index++) await cache.invalidatePattern(`none:${index}`)
  t.equal(await cache.get('kept:1'), undefined)
  const { cache: later } = await testCache(t, { space })
  await later.getOrSet('kept:1', {}, async () => 'new')
  t.equal(await cache.get('kept:1'), 'new')
})

t.test('a pattern of many stars takes no longer than its length times that of the key', async (t) => {
  const key = 'a'.repeat(2_000)
  const started = performance.now()
  t.notOk(globTest(`${'*a'.repeat(9)}*b`)(key))
  t.ok(globTest(`${'*a'.repeat(99)}*`)(key))
  const took = performance.now() - started
  t.ok(took < 1_000, `${took} ms`)
})

t.test('patterns mean here what they mean to Redis', async (t) => {
  const { redis } = await testCache(t, { space: ownSpace() })
  const texts = [
    'menu:1',
    'menu:12',
    'menu:a',
    'menu:*',
    'menu:[1]',
    'a\nb',
    '',
    'm.nu:1',
    'menu:^',
    String.raw`menu:\1`,
  ]
  const patterns =
    String.raw`* menu:* menu:? menu:[12] menu:[^1] menu:[0-9] menu:\* m.nu:* *1 a?b menu:\[1\] menu:(1) menu:+
    menu:\\* menu:[^]* ** *:* m*n*1 *m*:*2 *e*n*u*:*a* *1*1 m**1 *[1-2]?  menu:[9-0] menu:[a-] menu:[1
    menu:[\\]1] menu:[ menu:[]`.split(/\s+/)
  const key = `${ownSpace()}-glob`
  for (const pattern of patterns) {
    await redis.del(key)
    for (const text of texts) await redis.hset(key, `x${text}`, '1')
    const [, found] = await redis.hscan(key, '0', 'MATCH', `x${pattern}`, 'COUNT', 1000)
    const matching = found.filter((_, index) => index % 2 === 0).toSorted()
    const test = globTest(`x${pattern}`)
    t.same(
      texts
        .map((text) => `x${text}`)
        .filter(test)
        .toSorted(),
      matching,
      pattern,
    )
  }
  await redis.del(key)
})
