import type { Redis } from 'ioredis'
import t from 'tap'
import { ownSpace, testCache, twoCaches } from './support.ts'

const keys = Array.from({ length: 500 }, (_, index) => `product:${index}`)

t.test(
  'the keys of one tag lie on all masters, and none of them is served after its invalidation',
  async (t) => {
    const { here, there, space, parts } = await twoCaches(t)
    for (const key of keys)
      await here.getOrSet(key, { tags: ['cafeteria:1'], hot: false }, async () => `old ${key}`)
    await here.getOrSet('product:other', { tags: ['cafeteria:2'] }, async () => 'kept')
    for (const key of keys) t.equal(await there.get(key), `old ${key}`)

    const { redis } = parts.here
    for (const node of redis.nodes('master')) {
      t.ok(await holdsKeysOf(node, space), `${node.options.port} holds some`)
    }
    await there.invalidateTags(['cafeteria:1'])
    const stale = await Promise.all(keys.map((key) => there.get(key)))
    t.ok(
      stale.every((value) => value === undefined),
      'not in the process that wrote',
    )
    const { cache: third } = await testCache(t, { space })
    const found = await Promise.all(keys.map((key) => third.get(key)))
    t.ok(
      found.every((value) => value === undefined),
      'not in a process that starts afterwards',
    )
    while ((await here.get(keys[0] as string)) !== undefined)
      await new Promise((resolve) => void setImmediate(resolve))
    const elsewhere = await Promise.all(keys.map((key) => here.get(key)))
    t.ok(
      elsewhere.every((value) => value === undefined),
      'not in any other process',
    )
    t.equal(await here.get('product:other'), 'kept')
    t.equal(await third.get('product:other'), 'kept')
  },
)

t.test('an entry goes when any of its tags goes', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const tags = ['a', 'b', 'c']
  for (const tag of tags) {
    await cache.getOrSet('list:1', { tags }, async () => tag)
    await cache.invalidateTags([tag, 'unheard-of'])
    t.equal(await cache.get('list:1'), undefined)
  }
})

t.test('a generation that Redis has lost outdates what depends on it', async (t) => {
  const { here, there, space, parts } = await twoCaches(t)
  await here.getOrSet('menu:1', { tags: ['products'] }, async () => 'menu')
  const generations = await Promise.all(
    parts.here.redis.nodes('master').map((node) => node.keys(`${space}:*:generation:products`)),
  )
  t.equal(generations.flat().length, 1)
  await parts.here.redis.del(generations.flat()[0] as string)
  t.equal(await there.get('menu:1'), undefined)
})

t.test('a load gets the newest position that its tags were invalidated with', async (t) => {
  const { here, there } = await twoCaches(t)
  const minimumOf = async (cache: typeof here, tags: string[], minimum?: string) => {
    const given = minimum === undefined ? {} : { minimum }
    let seen: string | undefined
    await cache.getOrSet(`position:${tags.join()}:${minimum}`, { tags, ...given }, async (context) => {
      seen = context.minimum
      return seen
    })
    return seen
  }
  t.equal(await minimumOf(here, ['a']), '')
  await here.invalidateTags(['a'], { after: '00000000000000A0' })
  await here.invalidateTags(['b'], { after: '00000000000000B0' })
  // It was committed earlier, and published later.
  await there.invalidateTags(['b'], { after: '0000000000000090' })
  t.equal(await minimumOf(here, ['a', 'b']), '00000000000000B0')
  t.equal(await minimumOf(there, ['a', 'b', 'c']), '00000000000000B0')
  t.equal(await minimumOf(there, ['a', 'd']), '00000000000000A0')
  t.equal(await minimumOf(there, ['a', 'e'], '00000000000000C0'), '00000000000000C0')
})

t.test('whoever has just written elsewhere does not get the old answer', async (t) => {
  const { here, there } = await twoCaches(t)
  for (let write = 0; write < 30; write++) {
    const value = `state ${write}`
    await there.getOrSet('summary:1', { tags: ['user:1'], hot: false }, async () => value)
    await here.invalidateTags(['user:1'])
    // Without `verified` the message may still be on its way.
    const seen = await there.getOrSet(
      'summary:1',
      { tags: ['user:1'], verified: true },
      async () => `state ${write + 1}`,
    )
    t.equal(seen, `state ${write + 1}`)
  }
})

async function holdsKeysOf(node: Redis, space: string) {
  let cursor = '0'
  do {
    const [next, found] = await node.scan(cursor, 'MATCH', `${space}:entries:*`, 'COUNT', 1000)
    if (found.length > 0) return true
    cursor = next
  } while (cursor !== '0')
  return false
}
