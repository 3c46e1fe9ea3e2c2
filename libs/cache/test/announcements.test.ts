import t from 'tap'
import { anyPosition } from '#src/index.ts'
import { ownSpace, testCache, twoCaches } from './support.ts'

const tags = ['stock:1', 'stock']

/** A source whose value the test changes, read through caches. */
function source() {
  const state = { value: 'old', loads: 0, minimums: [] as string[] }
  const load = async ({ minimum }: { minimum: string }) => {
    state.loads++
    state.minimums.push(minimum)
    return state.value
  }
  return { state, load }
}

t.test('what is announced is seen by who names a position, and by the others when it is made', async (t) => {
  const { here, there } = await twoCaches(t)
  const { state, load } = source()
  const read = (cache: typeof here) => cache.getOrSet('k', { tags }, load)
  const readOwn = (cache: typeof here) => cache.getOrSet('k', { tags, verified: true, minimum: '0001' }, load)
  for (const cache of [here, there]) {
    t.equal(await read(cache), 'old')
    t.equal(await readOwn(cache), 'old')
  }
  t.equal(state.loads, 1, 'without an announcement everybody gets what is kept')

  state.value = 'new'
  const announcement = here.announceInvalidation(tags)
  t.equal(await readOwn(here), 'new', 'here at once')
  await announcement.known
  t.equal(await readOwn(there), 'new', 'elsewhere when it is known')
  t.equal(await read(here), 'old')
  t.equal(await read(there), 'old')
  t.same(state.minimums.slice(1), ['0001', '0001'], 'the source is asked for the position')

  await announcement.invalidate({ after: anyPosition })
  for (const cache of [here, there]) t.equal(await readOwn(cache), 'new')
  const { loads } = state
  for (const cache of [here, there]) {
    t.equal(await read(cache), 'new')
    t.equal(await readOwn(cache), 'new')
  }
  t.equal(state.loads, loads, 'nothing is announced any more')
})

t.test('of two announcements one that is made leaves the other', async (t) => {
  const { here, there } = await twoCaches(t)
  const { state, load } = source()
  const readOwn = (cache: typeof here) => cache.getOrSet('k', { tags, verified: true }, load)
  const first = here.announceInvalidation(tags)
  const second = there.announceInvalidation(['stock'])
  await Promise.all([first.known, second.known])
  await first.invalidate({ after: anyPosition })
  t.equal(await readOwn(here), 'old')
  state.value = 'new'
  t.equal(await readOwn(here), 'new')
  t.equal(await readOwn(there), 'new')
  await second.invalidate({ after: anyPosition })
  for (const cache of [here, there]) t.equal(await readOwn(cache), 'new')
  const { loads } = state
  for (const cache of [here, there]) t.equal(await readOwn(cache), 'new')
  t.equal(state.loads, loads, 'nothing is announced any more')
})

t.test('readers who come during a load share the next one, for the newest of their positions', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const started = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const { state, load } = source()
  const slowly = async (context: { minimum: string }) => {
    const value = await load(context)
    started.resolve()
    await release.promise
    return value
  }
  const announcement = cache.announceInvalidation(tags)
  const read = (minimum: string) => cache.getOrSet('k', { tags, verified: true, minimum }, slowly)
  const first = read('0001')
  await started.promise
  state.value = 'new'
  const later = ['0003', '0002', '0004', '0003'].map(read)
  // Each of them has found the announcement before the first load ends.
  await new Promise(setImmediate)
  release.resolve()
  t.equal(await first, 'old')
  t.same(await Promise.all(later), ['new', 'new', 'new', 'new'])
  t.same(state.minimums, ['0001', '0004'])
  await announcement.invalidate({ after: anyPosition })
})

t.test('a load that fails is nobody else’s failure', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const announcement = cache.announceInvalidation(tags)
  const read = (load: () => Promise<string>) => cache.getOrSet('k', { tags, verified: true }, load)
  const release = Promise.withResolvers<void>()
  const failing = read(async () => {
    await release.promise
    throw new Error('no')
  })
  await new Promise(setImmediate)
  const next = read(async () => 'new')
  release.resolve()
  await t.rejects(failing, { message: 'no' })
  t.equal(await next, 'new')
  await announcement.invalidate({ after: anyPosition })
})
