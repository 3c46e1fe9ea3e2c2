import t, { type Test } from 'tap'
import { Type } from 'typebox'
import { ownSpace, testCache } from '../support.ts'
import { cachingService } from './support.ts'

const names = ['undefined', 'null', '20']
const count = Type.Integer()
const Maybe = Type.Union([Type.String(), Type.Null()])
const querystring = Type.Object({
  q: Type.Optional(Type.String()),
  cursor: Type.Optional(Type.String()),
  above: Type.Optional(count),
  limit: Type.Integer({ default: 20 }),
})

/** A list that says which parameters it was loaded for, over a socket. */
async function echo(t: Test) {
  const { cache } = await testCache(t, { space: ownSpace() })
  const { app } = await cachingService(t, cache)
  let loads = 0
  const schema = {
    operationId: 'echo',
    summary: 'Echo',
    querystring,
    response: { 200: Type.Object({ q: Maybe, cursor: Maybe, limit: count }) },
  }
  app.get('/echo', { schema, config: { access: 'public', cache: { tags: () => [] } } }, async ({ query }) => {
    loads++
    return { limit: query.limit, q: query.q ?? null, cursor: query.cursor ?? null }
  })
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const get = async (query: string) => {
    const answer = await fetch(`${address}/echo${query}`)
    return { status: answer.status, body: await answer.json() }
  }
  return { get, loads: () => loads }
}

for (const [state, first] of [
  ['cold', []],
  ['warm', ['', '?q=soup']],
] as const) {
  t.test(`a text that a language writes for nothing is a text like any other, ${state}`, async (t) => {
    const { get } = await echo(t)
    for (const query of first) await get(query)
    for (let time = 0; time < 2; time++) {
      for (const name of names) {
        t.same((await get(`?q=${name}`)).body, { q: name, cursor: null, limit: 20 })
        t.same((await get(`?cursor=${name}`)).body, { q: null, cursor: name, limit: 20 })
      }
      t.same((await get('')).body, { q: null, cursor: null, limit: 20 })
    }
  })

  t.test(`a number that is no number is refused, ${state}`, async (t) => {
    const { get } = await echo(t)
    for (const query of first) await get(query)
    for (const query of ['?above=undefined', '?limit=undefined']) t.match(await get(query), { status: 400 })
  })
}

t.test('a member with its default is the same answer as none', async (t) => {
  const { get, loads } = await echo(t)
  for (const query of ['', '?limit=20', '?limit=020']) t.equal((await get(query)).status, 200)
  t.equal(loads(), 1)
})
