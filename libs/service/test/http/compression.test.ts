import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import t from 'tap'
import { Type } from 'typebox'
import { route, testService } from '../support.ts'

const long = { text: 'rice and beans, '.repeat(200) }

async function service(t: Parameters<typeof testService>[0]) {
  const { app } = await testService(t)
  const config = { access: 'public' } as const
  app.get('/long', { config, schema: route('Long') }, async () => long)
  app.get('/short', { config, schema: route('Short') }, async () => ({ text: 'x'.repeat(1000) }))
  app.post('/echo', { config, schema: { ...route('Echo'), body: Type.Object({}) } }, async ({ body }) => body)
  return app
}

const decoders = { gzip: gunzipSync, br: brotliDecompressSync, zstd: zstdDecompressSync }

for (const [encoding, decode] of Object.entries(decoders)) {
  t.test(`an answer is compressed with ${encoding} for a client that asks for it`, async (t) => {
    const app = await service(t)
    const response = await app.inject({ url: '/long', headers: { 'accept-encoding': encoding } })
    t.equal(response.headers['content-encoding'], encoding)
    t.match(response.headers.vary, /accept-encoding/i)
    t.same(JSON.parse(decode(response.rawPayload).toString()), long)
    t.ok(response.rawPayload.length < 500)
  })
}

t.test('the client chooses by its weights', async (t) => {
  const app = await service(t)
  const encodingFor = async (accept: string) =>
    (await app.inject({ url: '/long', headers: { 'accept-encoding': accept } })).headers['content-encoding']
  t.equal(await encodingFor('gzip, deflate, br, zstd'), 'zstd')
  t.equal(await encodingFor('gzip, br'), 'br')
  t.equal(await encodingFor('gzip;q=1, br;q=0.5'), 'gzip')
  t.equal(await encodingFor('identity'), undefined)
})

t.test('nothing is compressed that is short, or whose client said so', async (t) => {
  const app = await service(t)
  const headers = { 'accept-encoding': 'gzip' }
  const short = await app.inject({ url: '/short', headers })
  t.equal(short.headers['content-encoding'], undefined)
  const refused = await app.inject({ url: '/long', headers: { ...headers, 'x-no-compression': '1' } })
  t.equal(refused.headers['content-encoding'], undefined)
  t.same(refused.json(), long)
})

t.test('a compressed body is not unpacked, so it cannot be a bomb', async (t) => {
  const app = await service(t)
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
  const response = await app.inject({
    method: 'POST',
    url: '/echo',
    headers,
    payload: Buffer.from([0x1f, 0x8b, 8, 0]),
  })
  t.match(response.json(), { status: 415, code: 'unsupported_media_type' })
})

t.test('every answer says that it depends on what the client accepts, compressed or not', async (t) => {
  const app = await service(t)
  const varyOf = async (url: string, headers: Record<string, string> = {}) =>
    (await app.inject({ url, headers })).headers.vary
  t.equal(await varyOf('/long'), 'accept-encoding')
  t.equal(await varyOf('/long', { 'accept-encoding': 'identity' }), 'accept-encoding')
  t.equal(await varyOf('/long', { 'accept-encoding': 'gzip', 'x-no-compression': '1' }), 'accept-encoding')
  t.equal(await varyOf('/long', { 'accept-encoding': 'gzip' }), 'accept-encoding', 'once')
  t.equal(await varyOf('/short', { 'accept-encoding': 'gzip' }), 'accept-encoding')
  t.equal(await varyOf('/nowhere'), 'accept-encoding', 'a problem too')
})

t.test('what depends on the origin as well says both', async (t) => {
  const { app } = await testService(t, { env: { CORS_ORIGINS: 'https://canteen.example' } })
  app.get('/long', { config: { access: 'public' }, schema: route('Long') }, async () => long)
  const ask = (headers: Record<string, string>) => app.inject({ url: '/long', headers })
  for (const encoding of ['identity', 'gzip']) {
    const { headers } = await ask({ 'accept-encoding': encoding, origin: 'https://canteen.example' })
    t.same(String(headers.vary).toLowerCase().split(', ').toSorted(), ['accept-encoding', 'origin'])
  }
})
