import type { IncomingHttpHeaders } from 'node:http'
import type { Caller } from '@comanda/access'
import { platformErrors } from '@comanda/service'
import t, { type Test } from 'tap'
import { Type } from 'typebox'
import { ownSpace, testCache, twoCaches } from '../support.ts'
import { cachingService, type TestServiceOptions } from './support.ts'

/** A token is the caller's name. */
const authenticate = (token: string): Caller => {
  if (token === 'expired') throw platformErrors.access_token_missing()
  return { userId: token, sessionId: token, role: 'customer', cafeterias: [] } as unknown as Caller
}

const as = (name: string, headers: Record<string, string> = {}) => ({
  url: '/summary',
  headers: { authorization: `Bearer ${name}`, ...headers },
})

type OwnCache = Awaited<ReturnType<typeof testCache>>['cache']

async function summaries(t: Test, cache: OwnCache, options: TestServiceOptions = {}) {
  const { app } = await cachingService(t, cache, { authenticate, ...options })
  const seen: { user: string; position: string }[] = []
  app.get(
    '/summary',
    {
      schema: {
        operationId: 'getSummary',
        summary: 'What I spent',
        response: { 200: Type.Object({ user: Type.String() }) },
      },
      config: {
        access: 'authenticated',
        cache: { ttl: 'short', tags: ({ caller }) => [`user:${caller?.userId}`] },
      },
    },
    async (request) => {
      const user = request.caller?.userId ?? 'nobody'
      seen.push({ user, position: request.leastPosition })
      return { user }
    },
  )
  return { app, seen }
}

t.test('an answer for a caller is nobody else’s, and no shared cache may keep it', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const { app, seen } = await summaries(t, cache)
  for (let time = 0; time < 2; time++) {
    for (const name of ['ana', 'ben']) {
      const response = await app.inject(as(name))
      t.same(response.json(), { user: name })
      t.equal(response.headers['cache-control'], 'private, no-store')
    }
  }
  t.equal(seen.length, 2)
  t.equal((await app.inject('/summary')).statusCode, 401)
  t.equal((await app.inject(as('expired'))).statusCode, 401)
})

t.test('one answer is kept for all whom a route admits, and nobody else gets it', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const { app } = await cachingService(t, cache, { authenticate, env: { RATE_LIMIT_API: '3/1m' } })
  const admitted = new Set(['ana', 'ben'])
  let loads = 0
  app.get(
    '/halls/:hall/takings',
    {
      schema: {
        operationId: 'getTakings',
        summary: 'What a hall took',
        params: Type.Object({ hall: Type.String() }),
        response: { 200: Type.Object({ loads: Type.Integer() }) },
      },
      config: {
        access: 'authenticated',
        cache: {
          ttl: 'short',
          tags: () => [],
          admit: ({ caller, params }) => {
            if (!admitted.has(caller?.userId ?? '') || params.hall !== 'main')
              throw platformErrors.forbidden_role()
          },
        },
      },
    },
    async () => ({ loads: ++loads }),
  )
  const ask = (name: string, url = '/halls/main/takings') => app.inject({ ...as(name), url })
  for (const name of ['ana', 'ben', 'ana']) {
    const answer = await ask(name)
    t.same(answer.json(), { loads: 1 })
    t.equal(answer.headers['cache-control'], 'private, no-store')
  }
  t.equal((await ask('eve')).statusCode, 403, 'though an answer is kept')
  t.equal((await ask('ana', '/halls/other/takings')).statusCode, 403)
  admitted.delete('ben')
  t.equal((await ask('ben')).statusCode, 403, 'from the moment at which they are no longer admitted')
  const statuses = []
  for (let time = 0; time < 3; time++) statuses.push((await ask('eve')).statusCode)
  t.same(statuses, [403, 403, 429], 'who is refused is counted too')
  t.equal((await app.inject('/halls/main/takings')).statusCode, 401)
})

t.test('what is cached is limited like anything else', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const { app } = await summaries(t, cache, { env: { RATE_LIMIT_API: '3/1m' } })
  const statuses = []
  for (let time = 0; time < 5; time++) statuses.push((await app.inject(as('ana'))).statusCode)
  t.same(statuses, [200, 200, 200, 429, 429])
})

t.test('who brings a position gets nothing older, from any process', async (t) => {
  const { here, there } = await twoCaches(t)
  const readPosition = (headers: IncomingHttpHeaders) => headers['x-position'] as string | undefined
  const { app, seen } = await summaries(t, there, { responses: { readPosition } })
  await app.inject(as('ana'))
  await here.invalidateTags(['user:ana'], { after: '00000000000000A0' })
  await app.inject(as('ana', { 'x-position': '0000000000000090' }))
  t.same(seen.at(-1), { user: 'ana', position: '00000000000000A0' }, 'the newer of the two')
  t.equal(seen.length, 2)
  await app.inject(as('ana', { 'x-position': '0000000000000090' }))
  t.equal(seen.length, 2, 'it was verified, and is current')
})

t.test('a declaration that cannot work fails the start', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const { app } = await cachingService(t, cache)
  const schema = (operationId: string) => ({ operationId, summary: operationId })
  const handler = async () => ({})
  const cached = { access: 'public', cache: { tags: () => [] } } as const
  t.throws(() => app.post('/x', { schema: schema('x'), config: cached }, handler), {
    message: /is not a GET/,
  })
  const writes = { access: 'public', invalidates: () => [] } as const
  const admits = { access: 'public', cache: { tags: () => [], admit: () => {} } } as const
  t.throws(() => app.get('/z', { schema: schema('z'), config: admits }, handler), { message: /admits/ })
  t.throws(() => app.get('/y', { schema: schema('y'), config: writes }, handler), { message: /only reads/ })
})
