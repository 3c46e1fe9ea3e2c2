import t from 'tap'
import { ownSpace, testCache, twoCaches } from './support.ts'

t.test('hits, misses, loads, bytes and invalidations are counted, by prefix and layer', async (t) => {
  const { here, there, parts } = await twoCaches(t)
  for (let time = 0; time < 3; time++) await here.getOrSet('menu:1', { tags: ['a'] }, async () => 'menu')
  await here.getOrSet('hours:1', {}, async () => 'hours')
  await there.getOrSet('menu:1', { tags: ['a'] }, async () => 'menu')
  await here.invalidateTags(['a', 'b'])
  await here.delete('hours:1')
  await here.invalidatePattern('hours:*')

  const metrics = await parts.here.metrics.registry.metrics()
  for (const line of [
    'cache_hits_total{cache_key_prefix="menu",layer="memory"} 2',
    'cache_hits_total{cache_key_prefix="menu",layer="redis"} 0',
    'cache_misses_total{cache_key_prefix="menu",layer="memory"} 1',
    'cache_misses_total{cache_key_prefix="menu",layer="redis"} 1',
    'cache_misses_total{cache_key_prefix="hours",layer="memory"} 1',
    'cache_load_duration_seconds_count{cache_key_prefix="menu"} 1',
    'cache_invalidations_total{kind="tag"} 2',
    'cache_invalidations_total{kind="key"} 1',
    'cache_invalidations_total{kind="pattern"} 1',
    'cache_redis_failures_total 0',
    'cache_coherent 1',
  ]) {
    t.ok(metrics.includes(`${line}\n`), line)
  }
  t.match(metrics, /cache_bytes \d+\n/)
  t.match(metrics, /cache_entries \d+\n/)
  const again = await parts.here.metrics.registry.metrics()
  t.ok(
    again.includes('cache_hits_total{cache_key_prefix="menu",layer="memory"} 2\n'),
    'a scrape counts nothing twice',
  )
  const elsewhere = await parts.there.metrics.registry.metrics()
  t.ok(elsewhere.includes('cache_hits_total{cache_key_prefix="menu",layer="redis"} 1\n'))
})

t.test('the state of the cache can be asked for', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  t.match(cache.stats(), { hitRate: null, memory: { averageBytes: null }, prefixes: [] })
  for (let time = 0; time < 4; time++) await cache.getOrSet('menu:1', {}, async () => 'menu')
  await t.rejects(cache.getOrSet('orders:1', {}, () => Promise.reject(new Error('away'))))
  const stats = cache.stats()
  t.match(stats, {
    hitRate: 0.6,
    memory: { hits: 3, misses: 2, hitRate: 0.6, entries: 1, maxBytes: 8_000_000 },
    redis: { hits: 0, misses: 2, hitRate: 0, failures: 0 },
    loads: 2,
    failedLoads: 1,
    coherent: true,
    pendingInvalidations: 0,
  })
  t.equal(stats.memory.averageBytes, stats.memory.bytes)
  t.same(
    stats.prefixes.map(({ prefix, entries, failedLoads }) => ({ prefix, entries, failedLoads })),
    [
      { prefix: 'menu', entries: 1, failedLoads: 0 },
      { prefix: 'orders', entries: 0, failedLoads: 1 },
    ],
  )
})
