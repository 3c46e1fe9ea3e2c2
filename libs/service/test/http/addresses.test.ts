import t from 'tap'
import { Type } from 'typebox'
import { route } from '../support.ts'
import { kitchen } from './soup-kitchen.ts'

t.test('addresses that are not there, not for the method, not valid or too long say so', async (t) => {
  const { app } = await kitchen(t, { URL_LIMIT_BYTES: '256' })
  t.match((await app.inject('/stews')).json(), { status: 404, code: 'route_not_found', instance: '/stews' })
  const method = await app.inject({ method: 'DELETE', url: '/soups' })
  t.match(method.json(), { status: 405, code: 'method_not_allowed' })
  t.equal(method.headers.allow, 'GET, HEAD, POST')
  t.match((await app.inject('/%zz')).json(), { status: 400, code: 'malformed_url' })
  t.match((await app.inject(`/soups?a=${'x'.repeat(300)}`)).json(), { status: 414, code: 'url_too_long' })
})

t.test('every method that an address does not take is refused with those it takes', async (t) => {
  const { app } = await kitchen(t)
  const config = { access: 'public' } as const
  const params = Type.Object({ id: Type.String() })
  app.get('/soups/:id/bowls', { config, schema: { ...route('Bowls'), params } }, async () => ({}))
  app.delete(
    '/soups/:soup',
    { config, schema: { ...route('Pour'), params: Type.Object({}) } },
    async () => ({}),
  )
  const refusal = async (method: string, url: string, sent: { payload?: string; headers?: object } = {}) => {
    const { headers, body } = await app.inject({ method: method as 'GET', url, ...(sent as object) })
    const { status, code } = JSON.parse(body || '{}') as { status?: number; code?: string }
    return [status, code, headers.allow]
  }
  const notAllowed = (allow: string) => [405, 'method_not_allowed', allow]
  t.same(await refusal('POST', '/soups/7/bowls?hot=true'), notAllowed('GET, HEAD'))
  t.same(await refusal('TRACE', '/soups/7/bowls'), notAllowed('GET, HEAD'))
  t.same(await refusal('PROPFIND', '/soups/7'), notAllowed('DELETE'))
  t.same(await refusal('GET', '/soups/cold/'), [404, 'route_not_found', undefined])
  t.same(await refusal('POST', '/soups/7/bowls/1'), [404, 'route_not_found', undefined])

  // Whatever would be said of a body: nothing here takes one.
  const bodies: Record<string, { payload?: string; headers?: object }> = {
    none: {},
    'no JSON': { payload: '{', headers: { 'content-type': 'application/json' } },
    'a media type that is not taken': { payload: 'hot', headers: { 'content-type': 'text/plain' } },
    'a media type that is none': { payload: 'hot', headers: { 'content-type': 'hot' } },
  }
  for (const [what, sent] of Object.entries(bodies)) {
    for (const method of ['QUERY', 'PUT', 'PATCH', 'POST']) {
      t.same(await refusal(method, '/soups/7', sent), notAllowed('DELETE'), `${method} with ${what}`)
      t.same(await refusal(method, '/stews', sent), [404, 'route_not_found', undefined], `${method}, ${what}`)
    }
  }
})
