import t from 'tap'
import { heldLoad, ownSpace, testCache, twoCaches } from './support.ts'

const options = { tags: ['cafeteria:1', 'products'] }
const unexpected = async () => {
  throw new Error('it was loaded')
}

t.test('a thousand callers of one key wait for one load', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const held = heldLoad<string>()
  const callers = Array.from({ length: 1000 }, () => cache.getOrSet('menu:1', options, held.load))
  await held.started
  held.resolve('menu')
  t.same(new Set(await Promise.all(callers)), new Set(['menu']))
  t.equal(held.calls(), 1)
})

t.test('a load that fails is not kept, and everybody who waited gets its error', async (t) => {
  const { here, there } = await twoCaches(t)
  const held = heldLoad<string>()
  const callers = Array.from({ length: 10 }, () => here.getOrSet('menu:1', options, held.load))
  await held.started
  const failure = new Error('the database is away')
  held.reject(failure)
  const results = await Promise.allSettled(callers)
  t.ok(results.every((result) => result.status === 'rejected' && result.reason === failure))
  t.equal(held.calls(), 1)
  t.equal(await here.getOrSet('menu:1', options, async () => 'menu'), 'menu')
  t.equal(await there.getOrSet('menu:1', options, unexpected), 'menu', 'the lock was let go')
  t.match(here.stats(), { loads: 2, failedLoads: 1 })
})

t.test('a load that began before an invalidation is kept nowhere', async (t) => {
  const { here, there } = await twoCaches(t)
  const old = heldLoad<string>()
  const waiting = here.getOrSet('menu:1', options, old.load)
  await old.started
  await here.invalidateTags(['products'])
  old.resolve('old')
  t.equal(await waiting, 'old', 'whoever asked before the write gets what was there')
  t.equal(await here.get('menu:1'), undefined)
  t.equal(await there.get('menu:1'), undefined)
})

t.test('whoever asks after a write does not join a load from before it', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const old = heldLoad<string>()
  const before = cache.getOrSet('menu:1', { ...options, hot: false }, old.load)
  await old.started
  // Not awaited: from the call on the process knows.
  const published = cache.invalidateTags(['cafeteria:1'])
  const after = cache.getOrSet('menu:1', { ...options, hot: false }, async () => 'new')
  t.equal(await after, 'new')
  old.resolve('old')
  t.equal(await before, 'old')
  t.equal(await cache.getOrSet('menu:1', options, unexpected), 'new', 'the late one does not replace it')
  await published
})

t.test('a load that began before an invalidation elsewhere is not kept', async (t) => {
  const { here, there } = await twoCaches(t)
  const old = heldLoad<string>()
  const waiting = here.getOrSet('menu:1', options, old.load)
  await old.started
  await there.invalidateTags(['products'])
  old.resolve('old')
  await waiting
  // If it was stored before the message came, it was stored with what was known before.
  await gone(here, 'menu:1')
  t.equal(await there.get('menu:1'), undefined)
})

t.test('a load that began before its key was deleted, or a pattern, is not kept', async (t) => {
  const { here, there } = await twoCaches(t)
  for (const remove of [() => here.delete('menu:1'), () => here.invalidatePattern('menu:*')]) {
    const old = heldLoad<string>()
    const waiting = here.getOrSet('menu:1', options, old.load)
    await old.started
    await remove()
    old.resolve('old')
    await waiting
    t.equal(await here.get('menu:1'), undefined)
    t.equal(await there.get('menu:1'), undefined)
  }
})

t.test('ten writers and ten readers never see a write undone', async (t) => {
  const { here, there } = await twoCaches(t)
  let committed = 0
  let loads = 0
  // A load reads the state when it begins and answers later, in no order.
  const load = async () => {
    loads++
    const seen = committed
    await turns(Math.floor(Math.random() * 20))
    return seen
  }
  const work = Array.from({ length: 10 }, async (_, index) => {
    const cache = index % 2 === 0 ? here : there
    for (let write = 0; write < 20; write++) {
      committed++
      const mine = committed
      await cache.invalidateTags(['products'])
      const seen = await cache.getOrSet<number>('menu:1', options, load)
      t.ok(seen >= mine, 'the writer sees what was committed')
    }
  })
  await Promise.all(work)
  t.ok(loads > 1)
  for (const cache of [here, there]) t.equal(await cache.getOrSet('menu:1', options, load), 200)
})

async function turns(count: number): Promise<void> {
  for (let tick = 0; tick < count; tick++) await new Promise((resolve) => void setImmediate(resolve))
}

async function gone(cache: { get(key: string): Promise<unknown> }, key: string): Promise<void> {
  while ((await cache.get(key)) !== undefined) await turns(1)
}
