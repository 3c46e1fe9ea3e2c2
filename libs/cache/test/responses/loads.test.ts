import t from 'tap'
import { Type } from 'typebox'
import { heldLoad, ownSpace, testCache } from '../support.ts'
import { menus } from './menus.ts'
import { cachingService } from './support.ts'

t.test('requests that the key leaves out are not cached, and bad ones never reach the load', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const { app, loads } = await menus(t, cache)
  t.equal((await app.inject('/menus/1?at=now')).statusCode, 200)
  t.equal((await app.inject('/menus/1?at=now')).headers.etag, undefined)
  t.equal(loads(), 2)
  t.equal((await app.inject('/menus/123456789')).statusCode, 400)
  t.equal(loads(), 2)
})

t.test(
  'what is not loaded yet is loaded once for all who ask, and a failure is everybody’s problem',
  async (t) => {
    const { cache } = await testCache(t, { space: ownSpace() })
    const { app } = await cachingService(t, cache)
    let held = heldLoad<object>()
    const schema = {
      operationId: 'held',
      summary: 'Held',
      response: { 200: Type.Object({ done: Type.Boolean() }) },
    }
    app.get(
      '/held',
      { schema, config: { access: 'public', cache: { tags: () => [] } } },
      () => held.load() as never,
    )
    for (const fails of [true, false]) {
      held = heldLoad()
      const asked = Array.from({ length: 50 }, () => app.inject('/held'))
      await held.started
      if (fails) held.reject(new Error('the database is away'))
      else held.resolve({ done: true })
      const responses = await Promise.all(asked)
      t.ok(responses.every(({ statusCode }) => statusCode === (fails ? 500 : 200)))
      t.equal(new Set(responses.map(({ headers }) => headers['x-request-id'])).size, 50)
      t.equal(held.calls(), 1)
    }
  },
)

t.test('an empty list is kept only where the route says so', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const { app } = await cachingService(t, cache)
  const loads = { kept: 0, dropped: 0 }
  for (const name of ['kept', 'dropped'] as const) {
    const schema = {
      operationId: name,
      summary: name,
      response: { 200: Type.Object({ data: Type.Array(Type.String()) }) },
    }
    const config = { access: 'public', cache: { tags: () => [], empty: name === 'kept' } } as const
    app.get(`/${name}`, { schema, config }, async () => {
      loads[name]++
      return { data: [] }
    })
  }
  for (const name of ['kept', 'dropped']) {
    for (let time = 0; time < 3; time++) t.same((await app.inject(`/${name}`)).json(), { data: [] })
  }
  t.same(loads, { kept: 1, dropped: 3 })
})

t.test('a stale answer is replaced with the fields of its schema only', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const { app } = await cachingService(t, cache)
  let count = 0
  const schema = {
    operationId: 'count',
    summary: 'Count',
    response: { 200: Type.Object({ count: Type.Integer() }) },
  }
  const config = { access: 'public', cache: { tags: () => [], ttl: 0.01, staleSeconds: 60 } } as const
  app.get('/count', { schema, config }, async () => ({ count: ++count, secret: true }))
  const { etag } = (await app.inject('/count')).headers
  let response = await app.inject('/count')
  // Revalidated meanwhile with a 304, which is no status that the route has a schema for.
  const headers = { 'if-none-match': String(etag) }
  while (response.headers.etag === etag) {
    response = await app.inject({ url: '/count', headers })
    // Injected requests alone would never let Redis answer.
    await new Promise((resolve) => void setImmediate(resolve))
  }
  t.strictSame(Object.keys((await app.inject('/count')).json()), ['count'])
})
