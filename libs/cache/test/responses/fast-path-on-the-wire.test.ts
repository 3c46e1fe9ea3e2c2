import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { exchange, type WireRequest } from '@comanda/service/testing'
import t, { type Test } from 'tap'
import { ownSpace, testCache } from '../support.ts'
import { menus } from './menus.ts'

const path = '/menus/1'
const origin = 'https://canteen.example'

/** A service with a cached route that listens. `both` sends a request the fast way, where that is taken, and then without it. */
async function listening(t: Test, env: Record<string, string>) {
  const { cache } = await testCache(t, { space: ownSpace() })
  const { app } = await menus(t, cache, undefined, { env })
  const lookUp = app.fastPathLookup
  if (lookUp === undefined) throw new Error('the cache has no lookup')
  let found = 0
  const counting: typeof lookUp = async (request) => {
    const answer = await lookUp(request)
    if (answer !== undefined) found++
    return answer
  }
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const ask = async (request: Partial<WireRequest>, fast: boolean) => {
    app.fastPathLookup = fast ? counting : undefined
    const before = found
    const answer = await exchange(port, { path, ...request })
    return { answer, isFast: found > before }
  }
  // The first answer is loaded, and the second finds it.
  for (const encoding of ['identity', 'gzip', 'br', 'zstd'])
    await ask({ headers: { 'accept-encoding': encoding } }, false)
  return { app, ask }
}

type Listening = Awaited<ReturnType<typeof listening>>

/** Asserts that both ways give the same bytes, and that the fast one was taken where it should be. */
async function same(
  t: Test,
  { ask }: Listening,
  request: Partial<WireRequest>,
  expected: { fast: boolean; status: string },
) {
  const name = JSON.stringify(request)
  const quick = await ask(request, true)
  const usual = await ask(request, false)
  t.equal(quick.isFast, expected.fast, `${name} takes the ${expected.fast ? 'fast' : 'usual'} way`)
  t.equal(usual.isFast, false)
  t.equal(quick.answer.statusLine, `HTTP/1.1 ${expected.status}`, name)
  t.equal(quick.answer.statusLine, usual.answer.statusLine, name)
  t.strictSame(quick.answer.head, usual.answer.head, `${name}: the same head`)
  t.equal(quick.answer.body, usual.answer.body, `${name}: the same body`)
  return quick.answer
}

const environments: Record<string, Record<string, string>> = {
  'as it is': {},
  'with an allow-list of origins': { CORS_ORIGINS: `${origin},https://console.example` },
  'without limits': { RATE_LIMITS: 'off' },
  'behind a proxy': { TRUST_PROXY: 'true' },
}

for (const [name, env] of Object.entries(environments)) {
  t.test(`${name}, both ways send the same bytes`, async (t) => {
    const service = await listening(t, env)
    const whole = { fast: true, status: '200 OK' }
    const unchanged = { fast: true, status: '304 Not Modified' }
    const tags = new Set<string | undefined>()
    for (const headers of [
      {},
      { 'accept-encoding': 'identity' },
      { 'accept-encoding': 'gzip' },
      { 'accept-encoding': 'br' },
      { 'accept-encoding': 'zstd' },
      { 'accept-encoding': 'gzip, deflate, br, zstd' },
      { 'accept-encoding': 'gzip, br', 'x-no-compression': '1' },
      { 'accept-encoding': 'identity;q=1, gzip;q=0.5' },
      { 'if-none-match': '"another"' },
      { 'x-request-id': 'followed-through-the-fleet' },
      { 'x-forwarded-for': '203.0.113.7' },
    ]) {
      const answer = await same(t, service, { headers }, whole)
      const etag = answer.header('etag')
      tags.add(etag)
      t.equal(answer.header('content-length'), String(answer.body.length))
      const held = { ...headers, 'if-none-match': String(etag) }
      t.equal((await same(t, service, { headers: held }, unchanged)).body, '')
    }
    t.equal(tags.size, 4, 'a tag for each encoding')
    await same(t, service, { headers: { 'if-none-match': '*' } }, unchanged)
  })

  t.test(`${name}, what is unusual about a request leaves it to Fastify`, async (t) => {
    const service = await listening(t, env)
    const usual = { fast: false, status: '200 OK' }
    for (const headers of [{}, { 'accept-encoding': 'gzip' }] as Record<string, string>[]) {
      const whole = await same(t, service, { headers }, { fast: true, status: '200 OK' })
      const head = await same(t, service, { method: 'HEAD', headers }, usual)
      t.equal(head.body, '')
      t.strictSame(head.head, whole.head, 'HEAD says what GET would say')
      const closing = await same(t, service, { headers: { ...headers, connection: 'close' } }, usual)
      t.equal(closing.header('connection'), 'close')
      t.strictSame(persistent(closing.head), persistent(whole.head), 'besides the connection nothing differs')
      t.equal(closing.body, whole.body)
      const fast = env.CORS_ORIGINS === undefined
      const crossing = await same(t, service, { headers: { ...headers, origin } }, { ...usual, fast })
      t.equal(crossing.header('access-control-allow-origin'), fast ? undefined : origin)
      t.equal(crossing.body, whole.body)
    }
    service.app.startDraining()
    const draining = await same(t, service, { headers: { 'accept-encoding': 'br' } }, usual)
    t.equal(draining.header('connection'), 'close')
  })
}

/** The lines of a head that do not say whether the connection stays. */
function persistent(head: string[]): string[] {
  return head.filter((line) => !/^(connection|keep-alive):/i.test(line))
}

t.test('a client that sends a body with its GET can read the cached answer', async (t) => {
  const { app } = await listening(t, {})
  const { port } = app.server.address() as AddressInfo
  for (const draining of [false, true]) {
    if (draining) app.startDraining()
    for (const framing of ['content-length: 5000000', 'transfer-encoding: chunked']) {
      const socket = connect(port, '127.0.0.1').setEncoding('latin1')
      let got = ''
      socket.on('data', (part) => (got += part))
      socket.write(`GET ${path} HTTP/1.1\r\nhost: test\r\n${framing}\r\n\r\n`)
      // What is sent now is not read by anybody; a socket that is closed on it resets the connection.
      const block = framing.includes('chunked') ? `10000\r\n${'x'.repeat(65_536)}\r\n` : 'x'.repeat(65_536)
      for (let sent = 0; sent < 40; sent += 1) socket.write(block)
      await once(socket, 'end')
      const name = `${framing}, ${draining ? 'draining' : 'running'}`
      t.match(got, /^HTTP\/1\.1 200 OK\r\n/, name)
      t.equal(got.match(/^connection: /gim)?.length, 1, name)
      t.match(got, /^connection: close\r$/im, name)
      t.match(got, /"name":"first"/, name)
      socket.destroy()
    }
  }
})
