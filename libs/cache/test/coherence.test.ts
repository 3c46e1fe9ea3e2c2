import t from 'tap'
import { ownSpace, testCache, twoCaches } from './support.ts'

const tick = () => new Promise((resolve) => void setImmediate(resolve))

t.test('a write is seen by another process within 100 ms', async (t) => {
  const { here, there } = await twoCaches(t)
  const delays: number[] = []
  for (let write = 0; write < 50; write++) {
    await there.getOrSet('menu:1', { tags: ['a'] }, async () => write)
    await here.invalidateTags(['a'])
    const published = performance.now()
    while ((await there.get('menu:1')) !== undefined) await tick()
    delays.push(performance.now() - published)
  }
  const [median, worst] = [delays.toSorted((a, b) => a - b)[25] as number, Math.max(...delays)]
  t.comment(`seen after ${median.toFixed(2)} ms, at most ${worst.toFixed(2)} ms`)
  t.ok(median < 100, 'the message arrives, before the next poll')
})

t.test('a process that hears nothing notices by looking', async (t) => {
  const space = ownSpace()
  const { cache: here } = await testCache(t, { space })
  const { cache: deaf, subscriber } = await testCache(t, { space })
  subscriber.disconnect()
  for (const invalidate of [
    () => here.invalidateTags(['a']),
    () => here.delete('menu:1'),
    () => here.invalidatePattern('menu:*'),
  ]) {
    await deaf.getOrSet('menu:1', { tags: ['a'] }, async () => 'old')
    await invalidate()
    const published = performance.now()
    while ((await deaf.get('menu:1')) !== undefined) await tick()
    t.ok(performance.now() - published < 3000, 'long before the entry would have expired')
  }
})

t.test('a topic that Redis has forgotten is published again by a process that knows it', async (t) => {
  const { here, there, space, parts } = await twoCaches(t)
  const { redis } = parts.here
  await there.getOrSet('menu:1', { tags: ['a'] }, async () => 'old')
  // What a failover loses: the generation and the sequence, together with the message.
  const { subscriber } = parts.there
  subscriber.disconnect()
  const keys = await keysOf(redis, `${space}:*`)
  const kept = keys.filter((key) => /:(generation:a|sequence)$/.test(key))
  const before = await Promise.all(kept.map(async (key) => [key, await redis.get(key)] as const))
  await here.invalidateTags(['a'])
  const after = (await keysOf(redis, `${space}:*`)).filter((key) => /:(generation:a|sequence)$/.test(key))
  await Promise.all(after.map((key) => redis.del(key)))
  await Promise.all(before.map(([key, value]) => redis.set(key, value as string)))
  while ((await there.get('menu:1')) !== undefined) await tick()
  t.pass('the other process no longer serves it')
})

async function keysOf(
  redis: { nodes(role: 'master'): { keys(pattern: string): Promise<string[]> }[] },
  pattern: string,
) {
  return (await Promise.all(redis.nodes('master').map((node) => node.keys(pattern)))).flat()
}
