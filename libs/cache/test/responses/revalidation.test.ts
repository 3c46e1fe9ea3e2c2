import t from 'tap'
import { ownSpace, testCache } from '../support.ts'
import { menus } from './menus.ts'

t.test('a client that has the answer gets a 304 without a body', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const { app, lines } = await menus(t, cache)
  for (const encoding of ['identity', 'gzip', 'br', 'zstd']) {
    const { headers } = await app.inject({ url: '/menus/1', headers: { 'accept-encoding': encoding } })
    const etag = String(headers.etag)
    for (const given of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await app.inject({
        url: '/menus/1',
        headers: { 'accept-encoding': encoding, 'if-none-match': given },
      })
      t.equal(response.statusCode, 304, given)
      t.equal(response.payload, '')
      if (given !== '*') t.equal(response.headers.etag, etag)
      t.match(response.headers, { vary: 'accept-encoding', 'cache-control': /public/, 'x-request-id': /./ })
      for (const name of ['content-type', 'content-length', 'content-encoding'])
        t.notOk(name in response.headers)
    }
  }
  const stale = await app.inject({ url: '/menus/1', headers: { 'if-none-match': '"other"' } })
  t.equal(stale.statusCode, 200)
  t.ok(lines.some((line) => line.status === 304))
})

t.test('the first answer after a load may be a 304 too', async (t) => {
  const { cache } = await testCache(t, { space: ownSpace() })
  const { app } = await menus(t, cache)
  const { etag } = (await app.inject('/menus/1')).headers
  await cache.invalidateTags(['menu:1'])
  const response = await app.inject({ url: '/menus/1', headers: { 'if-none-match': String(etag) } })
  t.equal(response.statusCode, 304, 'the menu was loaded anew and is the same')
})
