import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { defineErrors } from '@comanda/errors'
import t from 'tap'
import { Type } from 'typebox'
import { route, testService } from '../support.ts'

const errors = defineErrors({ soup_cold: { status: 409, title: 'The soup is cold' } })

const Soup = Type.Object(
  {
    name: Type.String({ minLength: 2 }),
    bowls: Type.Integer({ minimum: 1 }),
    spice: Type.Optional(Type.Enum(['mild', 'hot'])),
    toppings: Type.Optional(Type.Array(Type.Object({ name: Type.String() }))),
  },
  { $id: 'Soup' },
)

async function kitchen(t: Parameters<typeof testService>[0], env: Record<string, string> = {}) {
  const service = await testService(t, { env })
  const { app } = service
  app.addSchema(Soup)
  const config = { access: 'public' } as const
  app.post(
    '/soups',
    { config, schema: { ...route('Cook'), body: Type.Ref('Soup#') } },
    async ({ body }) => body,
  )
  const Query = Type.Object({
    limit: Type.Integer({ default: 20, maximum: 100 }),
    hot: Type.Optional(Type.Boolean()),
  })
  app.get('/soups', { config, schema: { ...route('List'), querystring: Query } }, async ({ query }) => query)
  app.get('/soups/cold', { config, schema: route('Cold') }, async () => {
    throw errors.soup_cold('Bowl 7 is cold', { extra: { bowl: 7, code: 'forged' }, retryAfterSeconds: 1.2 })
  })
  app.get('/soups/broken', { config, schema: route('Broken') }, async () => {
    throw Object.assign(new Error('select * from secrets'), { code: '42P01' })
  })
  app.get(
    '/keyed',
    {
      config,
      schema: {
        ...route('Keyed'),
        headers: Type.Object({ 'Idempotency-Key': Type.String({ minLength: 8 }) }),
      },
    },
    async () => ({}),
  )
  return service
}

t.test('a coded error becomes a problem document that its extra members cannot falsify', async (t) => {
  const { app } = await kitchen(t)
  const response = await app.inject({
    url: '/soups/cold?secret=1',
    headers: { 'x-request-id': 'test-request-1' },
  })
  t.equal(response.statusCode, 409)
  t.match(response.headers['content-type'], /^application\/problem\+json/)
  t.equal(response.headers['retry-after'], '2')
  t.same(response.json(), {
    type: 'urn:comanda:problem:soup_cold',
    title: 'The soup is cold',
    status: 409,
    detail: 'Bowl 7 is cold',
    code: 'soup_cold',
    instance: '/soups/cold',
    requestId: 'test-request-1',
    retryAfter: 2,
    bowl: 7,
  })
})

t.test('an unknown error reveals nothing and is logged with its cause', async (t) => {
  const { app, lines } = await kitchen(t)
  const response = await app.inject('/soups/broken')
  t.equal(response.statusCode, 500)
  t.match(response.json(), { code: 'internal_error', detail: 'Something went wrong' })
  t.notMatch(response.body, /select|42P01/)
  t.match(lines.at(-1), { level: 'error', status: 500, err: { message: 'select * from secrets' } })
})

t.test('a body with several mistakes is refused with every one of them', async (t) => {
  const { app } = await kitchen(t)
  const payload = {
    name: 'x',
    spice: 'green',
    extra: 1,
    toppings: [{ name: 'chives' }, { name: 3, size: 1 }],
  }
  const response = await app.inject({ method: 'POST', url: '/soups', payload })
  t.equal(response.statusCode, 400)
  t.equal(response.json().code, 'validation_failed')
  t.same(
    response
      .json()
      .errors.toSorted((a: { field: string }, b: { field: string }) => a.field.localeCompare(b.field)),
    [
      { field: 'bowls', message: 'is required' },
      { field: 'extra', message: 'is unknown' },
      { field: 'name', message: 'must NOT have fewer than 2 characters' },
      { field: 'spice', message: 'must be one of mild, hot' },
      { field: 'toppings[1].name', message: 'must be string' },
      { field: 'toppings[1].size', message: 'is unknown' },
    ],
  )
})

t.test('a huge body of mistakes is refused with its first one only', async (t) => {
  const { app } = await kitchen(t)
  const payload = { name: 'soup', bowls: 1, toppings: Array.from({ length: 2000 }, () => ({ name: 1 })) }
  const response = await app.inject({ method: 'POST', url: '/soups', payload })
  t.equal(response.statusCode, 400)
  t.same(response.json().errors, [{ field: 'toppings[0].name', message: 'must be string' }])
})

t.test('bodies are strict where queries are text', async (t) => {
  const { app } = await kitchen(t)
  const strict = await app.inject({ method: 'POST', url: '/soups', payload: { name: 'soup', bowls: '2' } })
  t.same(strict.json().errors, [{ field: 'bowls', message: 'must be integer' }])
  const query = await app.inject('/soups?limit=7&hot=true')
  t.same(query.json(), { limit: 7, hot: true })
  t.same((await app.inject('/soups')).json(), { limit: 20 }, 'defaults apply')
  const unknown = await app.inject('/soups?limit=7&colour=red')
  t.same(unknown.json().errors, [{ field: 'colour', message: 'is unknown' }])
})

t.test('headers are validated whatever the case of their names, and others are not refused', async (t) => {
  const { app } = await kitchen(t)
  t.same((await app.inject('/keyed')).json().errors, [{ field: 'idempotency-key', message: 'is required' }])
  const ok = await app.inject({ url: '/keyed', headers: { 'Idempotency-Key': 'abcdefgh', 'x-other': '1' } })
  t.equal(ok.statusCode, 200)
})

const refusals: [what: string, request: object, status: number, code: string][] = [
  [
    'broken JSON',
    { payload: '{"name":', headers: { 'content-type': 'application/json' } },
    400,
    'malformed_json',
  ],
  ['no JSON at all', { payload: '', headers: { 'content-type': 'application/json' } }, 400, 'malformed_json'],
  [
    'a poisoned prototype',
    { payload: '{"__proto__":{}}', headers: { 'content-type': 'application/json' } },
    400,
    'malformed_json',
  ],
  [
    'a wrong content type',
    { payload: '<a/>', headers: { 'content-type': 'application/xml' } },
    415,
    'unsupported_media_type',
  ],
  [
    'plain text',
    { payload: 'soup', headers: { 'content-type': 'text/plain' } },
    415,
    'unsupported_media_type',
  ],
  ['no content type', { payload: 'soup' }, 415, 'unsupported_media_type'],
  ['no body', {}, 400, 'validation_failed'],
  ['a body too large', { payload: { name: 'x'.repeat(2000) } }, 413, 'body_too_large'],
]

for (const [what, request, status, code] of refusals) {
  t.test(`${what} is refused as ${code}`, async (t) => {
    const { app } = await kitchen(t, { BODY_LIMIT_BYTES: '1024' })
    const response = await app.inject({ method: 'POST', url: '/soups', ...request })
    t.equal(response.statusCode, status)
    t.match(response.headers['content-type'], /^application\/problem\+json/)
    t.equal(response.json().code, code)
    t.ok(response.json().requestId)
  })
}

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

t.test('what is no HTTP at all is answered with a problem on the bare socket', async (t) => {
  const { app } = await kitchen(t, { HEADER_LIMIT_BYTES: '2048' })
  const address = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const say = async (words: string) => {
    const socket = connect(Number(address.port), '127.0.0.1')
    socket.write(words)
    return text(socket)
  }
  t.match(
    await say('BREW /coffee\r\n\r\n'),
    /^HTTP\/1\.1 400 [\s\S]*problem\+json[\s\S]*"code":"malformed_request"/,
  )
  const long = `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(4096)}\r\n\r\n`
  t.match(await say(long), /^HTTP\/1\.1 431 [\s\S]*"code":"headers_too_large"/)
})

t.test('a request that arrives too slowly is cut off with 408', async (t) => {
  const { app } = await kitchen(t, { REQUEST_TIMEOUT_SECONDS: '0.2' })
  const address = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect(Number(address.port), '127.0.0.1')
  socket.write(
    'POST /soups HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
  )
  t.match(await text(socket), /^HTTP\/1\.1 408 [\s\S]*"code":"request_timeout"/)
})

t.test('what Postgres could not take is refused at the door', async (t) => {
  const { app } = await kitchen(t)
  const config = { access: 'public' } as const
  const params = Type.Object({ id: Type.String({ format: 'uuid' }) })
  app.get('/soups/by-id/:id', { config, schema: { ...route('ById'), params } }, async () => ({}))
  const statusOf = async (url: string) => (await app.inject(url)).statusCode
  t.equal(await statusOf('/soups/by-id/01900000-0000-7000-8000-000000000000'), 200)
  t.equal(await statusOf('/soups/by-id/urn:uuid:01900000-0000-7000-8000-000000000000'), 400)
  t.match((await app.inject('/soups?q=%00')).json(), { status: 400, code: 'malformed_url' })

  const cook = (payload: string) =>
    app.inject({ method: 'POST', url: '/soups', payload, headers: { 'content-type': 'application/json' } })
  t.match((await cook('{"name":"so\\u0000up","bowls":1}')).json(), {
    status: 400,
    code: 'validation_failed',
    errors: [{ field: 'name' }],
  })
  t.equal(
    (await cook('{"name":"so\\\\u0000up","bowls":1}')).statusCode,
    200,
    'escaped, it is only a backslash',
  )
})
