import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { kitchen } from './soup-kitchen.ts'

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
  // The wait is what is tested.
  const { app } = await kitchen(t, { REQUEST_TIMEOUT_SECONDS: '0.2' })
  const address = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect(Number(address.port), '127.0.0.1')
  socket.write(
    'POST /soups HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
  )
  t.match(await text(socket), /^HTTP\/1\.1 408 [\s\S]*"code":"request_timeout"/)
})
