import { startTemporaryStack } from '@comanda/local-stack/testing'
import t from 'tap'
import type { Cache } from '#src/index.ts'
import { ownSpace, testCache } from './support.ts'

const stack = await startTemporaryStack({ redis: true })
t.teardown(() => stack.stop())
const redis = { nodes: stack.redisNodes, commandTimeoutMs: 250 }

/** The times of ADR 10: what was confirmed longer ago is doubted, and what is doubted lives for a second. */
const boundMs = 2500

const tick = () => new Promise((resolve) => void setTimeout(resolve, 1))

/** A table with a version per row, and everything that two caches in front of it ever answer wrongly. */
function watchedTable(caches: readonly Cache[]) {
  const keys = Array.from({ length: 30 }, (_, index) => `row:${index}`)
  const versions = new Map(keys.map((key) => [key, [performance.now()]]))
  const wrong: string[] = []
  const errors: unknown[] = []
  let running = true
  let reads = 0
  let slowest = 0
  let stalest = 0

  const read = (cache: Cache, key: string) =>
    cache.getOrSet<number>(key, { tags: [key] }, async () => {
      const version = (versions.get(key) as number[]).length
      await tick()
      return version
    })

  async function reader(cache: Cache) {
    while (running) {
      for (const key of keys) {
        const start = performance.now()
        const version = await read(cache, key).catch((error: unknown) => void errors.push(error))
        slowest = Math.max(slowest, performance.now() - start)
        reads++
        // When the version that was answered was replaced.
        const replaced = versions.get(key)?.[version ?? Number.NaN]
        if (replaced !== undefined) stalest = Math.max(stalest, start - replaced)
      }
      await tick()
    }
  }

  async function writer(cache: Cache, name: string) {
    for (let write = 0; running; write++) {
      const key = keys[Math.floor(Math.random() * keys.length)] as string
      const commits = versions.get(key) as number[]
      commits.push(performance.now())
      const mine = commits.length
      await cache.invalidateTags([key]).catch((error: unknown) => void errors.push(error))
      if ((await read(cache, key)) < mine) wrong.push(`${name} does not see its own write ${write}`)
      await tick()
    }
  }

  const work = [
    ...caches.flatMap((cache) => [reader(cache), reader(cache)]),
    ...caches.map((cache, index) => writer(cache, `writer ${index}`)),
  ]
  return {
    errors,
    wrong,
    seen: () => ({ reads, slowest, stalest }),
    async stop() {
      running = false
      await Promise.all(work)
    },
  }
}

t.test('a master killed mid-run costs time, never an error or a stale answer beyond the bound', async (t) => {
  const space = ownSpace()
  const { cache: here } = await testCache(t, { space, ...redis })
  const { cache: there } = await testCache(t, { space, ...redis })
  const table = watchedTable([here, there])
  await readsOf(table, 2000)
  const [victim] = await stack.redis.masters()
  if (victim === undefined) throw new Error('the cluster has no master')
  await stack.redis.stopNode(victim, 'SIGKILL')
  await stack.redis.waitUntilServing()
  await until(() => here.stats().coherent && there.stats().coherent)
  await readsOf(table, 2000)
  await table.stop()
  const { slowest, stalest } = table.seen()
  t.comment(`slowest answer ${slowest.toFixed(0)} ms, stalest ${stalest.toFixed(0)} ms`)
  t.same(table.errors, [])
  t.same(table.wrong, [])
  t.ok(stalest < boundMs)
  await until(() => here.stats().pendingInvalidations + there.stats().pendingInvalidations === 0)
  await stack.redis.startNode(victim)
  await stack.redis.waitUntilHealthy()
})

t.test('without Redis answers are kept for a second; once it is back all is published', async (t) => {
  const space = ownSpace()
  const { cache: here } = await testCache(t, { space, ...redis })
  const { cache: there } = await testCache(t, { space, ...redis })
  let state = 'first'
  let loads = 0
  const read = (cache: Cache) => cache.getOrSet('menu:1', { tags: ['a'] }, async () => (loads++, state))
  t.equal(await read(here), 'first')
  t.equal(await read(there), 'first')
  await stack.redis.stop('SIGKILL')

  state = 'second'
  const written = performance.now()
  await here.invalidateTags(['a'])
  t.equal(await read(here), 'second', 'the writer sees its own write')
  t.equal(here.stats().pendingInvalidations, 1)
  await until(async () => (await read(there)) === 'second')
  t.ok(performance.now() - written < boundMs, 'another process for a moment longer')
  loads = 0
  await Promise.all(Array.from({ length: 100 }, () => read(there)))
  t.ok(loads <= 1, 'it does not load for every caller')
  t.notOk(there.stats().coherent)

  await stack.redis.start()
  await until(() => here.stats().coherent && there.stats().coherent)
  await until(() => here.stats().pendingInvalidations === 0)
  // What Redis kept through it all is from before the write.
  for (const cache of [here, there]) t.equal(await read(cache), 'second')
  state = 'third'
  await there.invalidateTags(['a'])
  await until(async () => (await read(here)) === 'third')
})

t.test('a cache starts without Redis, and finds it when it comes', async (t) => {
  await stack.redis.stop('SIGKILL')
  const { cache } = await testCache(t, { space: ownSpace(), ...redis })
  t.equal(await cache.getOrSet('menu:1', { tags: ['a'] }, async () => 'menu'), 'menu')
  await cache.set('menu:2', 'menu', {})
  await cache.delete('menu:2')
  t.equal(await cache.invalidatePattern('menu:*'), 0)
  t.notOk(cache.stats().coherent)
  await stack.redis.start()
  await until(() => cache.stats().coherent && cache.stats().pendingInvalidations === 0)
  t.equal(await cache.getOrSet('menu:1', { tags: ['a'] }, async () => 'menu'), 'menu')
})

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await tick()
}

async function readsOf(table: ReturnType<typeof watchedTable>, count: number): Promise<void> {
  const before = table.seen().reads
  await until(() => table.seen().reads >= before + count)
}
