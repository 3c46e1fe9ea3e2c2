import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FastPathAnswer } from '@comanda/service'
import t, { type Test } from 'tap'
import type { Cache } from '#src/index.ts'
import { idBytes } from '#src/redis/envelope.ts'
import { ownSpace, testCache } from '../support.ts'
import { menus, text } from './menus.ts'

/** Over a socket: only there is the fast path taken. `short` says how often it was. */
async function listening(t: Test, cache: Cache, options: Parameters<typeof menus>[3] = {}) {
  const table = new Map([['1', 'first']])
  const service = await menus(t, cache, table, options)
  const { app } = service
  let short = 0
  const find = app.fastPathLookup
  app.fastPathLookup = (request) => {
    const count = (answer: FastPathAnswer | undefined) => {
      if (answer !== undefined) short++
      return answer
    }
    const answer = find?.(request)
    return answer instanceof Promise ? answer.then(count) : count(answer)
  }
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const ask = (headers = {}) => fetch(`http://127.0.0.1:${port}/menus/1`, { headers })
  return { ...service, table, ask, short: () => short }
}

t.test('what was answered once is answered on the fast path, byte for byte the same', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const { ask, short, loads, app } = await listening(t, cache)
  for (const headers of [
    { 'accept-encoding': 'identity' },
    { 'accept-encoding': 'br' },
    { 'x-no-compression': '1' },
  ]) {
    await ask(headers)
    const usual = await app.inject({ url: '/menus/1', headers })
    const before = short()
    const response = await ask(headers)
    t.equal(short(), before + 1)
    t.same(await response.json(), { name: 'first', text })
    for (const name of [
      'etag',
      'content-type',
      'content-length',
      'content-encoding',
      'cache-control',
      'vary',
    ]) {
      t.equal(response.headers.get(name) ?? undefined, usual.headers[name], name)
    }
    const unchanged = await ask({ ...headers, 'if-none-match': response.headers.get('etag') ?? '' })
    t.equal(unchanged.status, 304)
    t.equal(short(), before + 2)
  }
  t.equal(loads(), 1)
})

t.test('a hit is counted once, whichever way it went', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const { ask } = await listening(t, cache)
  for (let time = 0; time < 10; time++) await (await ask()).text()
  t.match(cache.stats().memory, { hits: 9, misses: 1 })
})

t.test('a write is seen at once on the fast path too', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const { ask, short, app } = await listening(t, cache)
  for (let write = 0; write < 20; write++) {
    const name = `state ${write}`
    await app.inject({ method: 'PUT', url: '/menus/1', payload: { name } })
    for (let time = 0; time < 3; time++) t.match(await (await ask()).json(), { name })
  }
  t.ok(short() > 0)
})

t.test('who brings a position goes the usual way', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const readPosition = (headers: IncomingHttpHeaders) => headers['x-position'] as string | undefined
  const { ask, short } = await listening(t, cache, { responses: { readPosition } })
  for (let time = 0; time < 3; time++) await ask({ 'x-position': '0000000000000001' })
  t.equal(short(), 0)
})

t.test(
  'what only Redis has is answered on the fast path too, and what a write has outdated there is not',
  async (t) => {
    const { cache } = await testCache(t, { space: ownSpace(), config: { CACHE_MEMORY_BYTES: 0 } })
    const { ask, short, loads, app } = await listening(t, cache)
    const first = await ask()
    for (let time = 1; time <= 5; time++) {
      const response = await ask()
      t.equal(response.headers.get('etag'), first.headers.get('etag'))
      t.match(await response.json(), { name: 'first' })
      t.equal(short(), time)
    }
    t.equal(loads(), 1)
    t.match(cache.stats().redis, { hits: 5, misses: 1 })
    await app.inject({ method: 'PUT', url: '/menus/1', payload: { name: 'second' } })
    t.match(await (await ask()).json(), { name: 'second' })
    t.equal(short(), 5)
    t.equal(loads(), 2)
  },
)

t.test('what Redis has and nobody can read is loaded again, and replaced', async (t) => {
  const space = ownSpace()
  const { cache, redis } = await testCache(t, { space, config: { CACHE_MEMORY_BYTES: 0 } })
  const { ask, short, loads } = await listening(t, cache)
  await ask()
  const key = `${space}:entries:test-1:{getMenu:1}`
  const packed = (await redis.getBuffer(key)) as Buffer
  const head = packed.subarray(0, idBytes + 4 + packed.readUInt32BE(idBytes))
  await redis.set(key, head)
  t.match(await (await ask()).json(), { name: 'first' })
  t.equal(loads(), 2)
  t.equal(short(), 0)
  t.equal((await ask()).status, 200)
  t.equal(loads(), 2)
  t.equal(short(), 1)
})
