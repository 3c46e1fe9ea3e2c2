import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { Type } from 'typebox'
import { route, testService } from '../support.ts'

const config = { access: 'public' } as const
const Anything = Type.Object({}, { additionalProperties: true })
const Query = Type.Object({ q: Type.Optional(Type.String()), page: Type.Optional(Type.Integer()) })

async function openHouse(t: Test) {
  const { app } = await testService(t)
  app.post('/echo', { config, schema: { ...route('Echo'), body: Anything } }, async (request) => request.body)
  app.post('/untyped', { config, schema: route('Untyped') }, async (request) => ({ got: request.body }))
  app.get('/find', { config, schema: { ...route('Find'), querystring: Query } }, async ({ query }) => query)
  const send = async (payload: string | Buffer, url = '/echo') =>
    app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json' } })
  return { app, send }
}

function refusal(field: string, message: RegExp | string) {
  return { status: 400, code: 'validation_failed', errors: [{ field, message }] }
}

const unfit: [why: string, json: string, field: string, message: RegExp][] = [
  ['half a pair', '{"note":"\\ud800"}', 'note', /surrogate/],
  ['the other half', '{"a":{"b":["x","\\udc00y"]}}', 'a.b[1]', /surrogate/],
  ['halves in the wrong order', '{"note":"\\udc00\\ud800"}', 'note', /surrogate/],
  ['a name of half a pair', '{"a":{"\\ud800":1}}', 'a.\ufffd', /surrogate/],
  ['U+0000', '{"items":[{"note":"so\\u0000up"}]}', 'items[0].note', /U\+0000/],
  ['an integer that is not exact', '{"expectedTotalCents":1e20}', 'expectedTotalCents', /9007199254740991/],
  ['the first of them', '{"n":9007199254740992}', 'n', /9007199254740991/],
  ['below zero too', '{"n":-9007199254740993}', 'n', /-9007199254740991/],
  ['a number that is infinite', '{"n":[1e999]}', 'n[0]', /9007199254740991/],
  ['a body that is nothing else', '1e20', '', /9007199254740991/],
  ['a tower', `{"a":${'['.repeat(50)}${']'.repeat(50)}}`, `a${'[0]'.repeat(31)}`.slice(0, 94), /deep/],
  ['a tower that would exhaust the stack', `${'['.repeat(90_000)}${']'.repeat(90_000)}`, '', /deep/],
]
for (const [why, json, field, message] of unfit)
  t.test(`a body with ${why} is refused with its field, whatever the route`, async (t) => {
    const { send } = await openHouse(t)
    for (const url of ['/echo', '/untyped']) {
      const answer = (await send(json, url)).json()
      t.match(answer, { status: 400, code: 'validation_failed', errors: [{ message }] }, url)
      if (!/tower/.test(why)) t.equal(answer.errors[0].field, field)
      t.match(answer.detail, message)
    }
  })

t.test('what only looks like it is answered as it was sent', async (t) => {
  const { send } = await openHouse(t)
  const fit = [
    '{"pair":"\\ud83c\\udf5c","raw":"🍜","escaped":"\\\\ud800","replacement":"\ufffd"}',
    '{"most":9007199254740991,"least":-9007199254740991,"small":1e-7,"half":0.5,"round":1e3}',
  ]
  for (const json of fit) {
    const answer = await send(json)
    t.equal(answer.statusCode, 200, json)
    t.same(answer.json(), JSON.parse(json))
  }
})

t.test('bytes that are not UTF-8 are refused with the field that has them', async (t) => {
  const { send } = await openHouse(t)
  const bytes = (...parts: (string | number[])[]) =>
    Buffer.concat(parts.map((part) => Buffer.from(part as never)))
  const cases: [Buffer, string][] = [
    [bytes('{"name":"Jam', [0xf3], 'n"}'), 'name'],
    [
      bytes('{"name":"é \\u00e9\\" \ufffd","items":[{},{"note":"', [0xed, 0xa0, 0x80], '"}]}'),
      'items[1].note',
    ],
    [bytes('{"cut":"', [0xe2, 0x82], '"}'), 'cut'],
    [bytes('{"overlong":"', [0xc0, 0x80], '"}'), 'overlong'],
  ]
  for (const [body, field] of cases)
    t.match((await send(body)).json(), refusal(field, 'must be UTF-8'), field)
  t.match((await send(bytes('{', [0xff], '}'))).json(), refusal('', 'must be UTF-8'), 'it is no JSON either')
  const named = (await send(bytes('{"', [0xff], '":1}'))).json()
  t.match(named, { code: 'validation_failed', errors: [{ message: /UTF-8/ }] }, 'a name')
})

t.test(
  'a query is refused with the parameter that is not UTF-8, and with a number that is not exact',
  async (t) => {
    const { app } = await openHouse(t)
    const cases: [query: string, field: string][] = [
      ['q=%ED%A0%80', 'q'],
      ['page=1&q=%FF', 'q'],
      ['q=50%', 'q'],
      ['q=%00', 'q'],
      ['%FF=1', '%FF'],
    ]
    for (const [query, field] of cases)
      t.match((await app.inject(`/find?${query}`)).json(), {
        status: 400,
        code: 'malformed_url',
        errors: [{ field }],
      })
    t.match((await app.inject('/find?page=1e20')).json(), refusal('page', /9007199254740991/))
    const fit = await app.inject('/find?q=jam%C3%B3n%20%F0%9F%8D%9C+%EF%BF%BD')
    t.same(fit.json(), { q: 'jamón 🍜 \ufffd' })
  },
)

t.test('bytes in a URL that are not ASCII are refused rather than taken for other characters', async (t) => {
  const { app } = await openHouse(t)
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect(Number(port), '127.0.0.1')
  socket.end('GET /find?q=jamón HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
  t.match(await text(socket), /^HTTP\/1\.1 400 [\s\S]*"code":"malformed_request"/)
})

t.test('the name of an unknown member is repeated only in part', async (t) => {
  const { app } = await openHouse(t)
  const schema = { ...route('Closed'), body: Type.Object({ name: Type.Optional(Type.String()) }) }
  app.post('/closed', { config, schema }, async () => ({}))
  const answer = await app.inject({ method: 'POST', url: '/closed', payload: { ['x'.repeat(200_000)]: 1 } })
  t.match(answer.json(), refusal(`${'x'.repeat(64)}…`, 'is unknown'))
  t.ok(answer.body.length < 1000)
})
