import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import t from 'tap'
import { ownSpace, testCache } from '../support.ts'
import { menus, text } from './menus.ts'

const decoders = { gzip: gunzipSync, br: brotliDecompressSync, zstd: zstdDecompressSync }

t.test('a route is answered from the cache, with the same bytes and headers', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const { app, lines, loads } = await menus(t, cache)
  const first = await app.inject('/menus/1')
  const second = await app.inject('/menus/1')
  t.equal(loads(), 1)
  for (const response of [first, second]) {
    t.same(response.json(), { name: 'first', text })
    t.match(response.headers, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(response.rawPayload.length),
      'cache-control': 'public, max-age=0, must-revalidate',
      vary: 'accept-encoding',
      etag: /^"[\w-]{22}"$/,
      'x-content-type-options': 'nosniff',
      'content-security-policy': /default-src 'none'/,
      'x-request-id': /./,
      'ratelimit-limit': /\d/,
      'server-timing': /^total;dur=[\d.]+, db;dur=[\d.]+, cache;dur=[\d.]+$/,
      'x-perf-time-ms': /^[\d.]+$/,
    })
  }
  t.equal(first.headers.etag, second.headers.etag)
  t.notSame(first.headers['x-request-id'], second.headers['x-request-id'])
  const requests = lines.filter((line) => line.msg === 'request')
  t.match(requests, [
    { route: '/menus/:id', status: 200, durationMs: Number },
    { route: '/menus/:id', status: 200, durationMs: Number },
  ])
  const metrics = await app.meter.registry.metrics()
  t.match(metrics, /http_requests_total\{method="GET",route="\/menus\/:id",status_code="200"\} 2/)
  t.match(metrics, /http_request_duration_seconds_count\{.*route="\/menus\/:id".*\} 2/)
})

t.test('each encoding is made once, and has its own strong tag', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const { app } = await menus(t, cache)
  const tags = new Set<unknown>([(await app.inject('/menus/1')).headers.etag])
  for (const [encoding, decode] of Object.entries(decoders)) {
    const before = cache.stats().memory.bytes
    for (let time = 0; time < 2; time++) {
      const response = await app.inject({ url: '/menus/1', headers: { 'accept-encoding': encoding } })
      t.equal(response.headers['content-encoding'], encoding)
      t.equal(response.headers['content-length'], String(response.rawPayload.length))
      t.same(JSON.parse(decode(response.rawPayload).toString()), { name: 'first', text })
      tags.add(response.headers.etag)
      t.equal(
        cache.stats().memory.bytes,
        before + response.rawPayload.length,
        'what it takes is counted once',
      )
    }
  }
  t.equal(tags.size, 4)
})

t.test('a client may ask for no compression', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const { app } = await menus(t, cache)
  const headers = { 'accept-encoding': 'gzip', 'x-no-compression': '1' }
  for (let time = 0; time < 2; time++) {
    const response = await app.inject({ url: '/menus/1', headers })
    t.equal(response.headers['content-encoding'], undefined)
    t.same(response.json(), { name: 'first', text })
  }
})

t.test('HEAD says what GET would say', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const { app } = await menus(t, cache)
  const get = await app.inject('/menus/1')
  for (let time = 0; time < 2; time++) {
    const head = await app.inject({ method: 'HEAD', url: '/menus/1' })
    t.equal(head.statusCode, 200)
    t.equal(head.payload, '')
    t.equal(head.headers['content-length'], get.headers['content-length'])
    t.equal(head.headers.etag, get.headers.etag)
  }
})
