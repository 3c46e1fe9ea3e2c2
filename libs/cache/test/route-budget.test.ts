import t from 'tap'
import { ownSpace, testCache } from './support.ts'

t.test('a route that is asked for ever more answers keeps so many bytes of them in Redis', async (t) => {
  const space = ownSpace()
  const config = { CACHE_MEMORY_BYTES: 0, CACHE_ROUTE_BYTES: 100_000 }
  const { cache, redis } = await testCache(t, { space, config })
  const value = 'x'.repeat(2000)
  await cache.getOrSet('other:1', { tags: [] }, async () => value)
  for (let count = 0; count < 400; count += 1)
    await cache.getOrSet(`list:${count}`, { tags: [] }, async () => value)

  async function stored(): Promise<string[]> {
    const masters = redis.nodes('master')
    const keys = await Promise.all(masters.map((master) => master.keys(`${space}:entries:*`)))
    return keys.flat()
  }
  // What is to go is removed a moment after what takes its place is stored.
  for (;;) {
    const keys = await stored()
    const bytes = keys.filter((key) => key.includes('{list:')).length * value.length
    if (bytes <= 100_000) break
  }
  const left = await stored()
  t.ok(
    left.some((key) => key.includes('{list:399}')),
    'the newest is kept',
  )
  t.notOk(left.some((key) => key.includes('{list:0}')))
  t.ok(
    left.some((key) => key.includes('{other:1}')),
    'other routes have room of their own',
  )
  t.equal(await cache.get('list:399'), value)
})
