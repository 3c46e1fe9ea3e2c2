import t from 'tap'
import { Type } from 'typebox'
import { route, testService } from '../support.ts'

const origin = 'https://canteen.example'

t.test('every answer carries the security headers, errors and unknown addresses too', async (t) => {
  const { app } = await testService(t)
  app.get('/open', { config: { access: 'public' }, schema: route('Open') }, async () => ({}))
  app.get('/closed', { config: { access: 'admin' }, schema: route('Closed') }, async () => ({}))
  for (const url of ['/open', '/closed', '/nowhere', '/%zz', '/docs/', '/health/live']) {
    const { headers } = await app.inject(url)
    t.equal(headers['strict-transport-security'], 'max-age=31536000; includeSubDomains; preload', url)
    t.equal(headers['x-content-type-options'], 'nosniff', url)
    t.equal(headers['x-frame-options'], 'DENY', url)
    t.match(headers['content-security-policy'], /^default-src 'none'/, url)
    t.match(headers['content-security-policy'], /frame-ancestors 'none'/, url)
    t.match(headers['x-request-id'], /^[0-9a-f-]{36}$/, url)
  }
})

t.test('only the pages that need a script get one, and never an inline one', async (t) => {
  const { app } = await testService(t)
  const { headers } = await app.inject('/health/live')
  t.notMatch(headers['content-security-policy'], /script-src|unsafe/)
  const page = await app.inject('/docs/')
  t.match(page.headers['content-security-policy'], /script-src 'self';/)
  t.notMatch(page.headers['content-security-policy'], /unsafe/)
  t.notMatch(page.body, /<script>|<style|onload=/, 'the page has nothing inline that the policy would refuse')
  const scripts = [...page.body.matchAll(/(?:src|href)="\.\/(static\/[^"]+)"/g)].map((match) => match[1])
  t.ok(scripts.length >= 5)
  for (const script of scripts) t.equal((await app.inject(`/docs/${script}`)).statusCode, 200, String(script))
})

t.test('an allowed origin may call, another one may not', async (t) => {
  const { app } = await testService(t, { env: { CORS_ORIGINS: `${origin},https://console.example` } })
  app.put(
    '/menu',
    { config: { access: 'staff' }, schema: { ...route('Menu'), body: Type.Object({}) } },
    async () => ({}),
  )
  const preflight = (from: string) =>
    app.inject({
      method: 'OPTIONS',
      url: '/menu',
      headers: { origin: from, 'access-control-request-method': 'PUT' },
    })
  const allowed = await preflight(origin)
  t.equal(allowed.statusCode, 204)
  t.equal(allowed.headers['access-control-allow-origin'], origin)
  t.match(allowed.headers['access-control-allow-methods'], /PUT/)
  t.equal((await preflight('https://evil.example')).headers['access-control-allow-origin'], undefined)
  const refused = await app.inject({ method: 'PUT', url: '/menu', headers: { origin }, payload: {} })
  t.equal(refused.statusCode, 401)
  t.equal(refused.headers['access-control-allow-origin'], origin, 'a page can read why it was refused')
  t.match(refused.headers['access-control-expose-headers'], /retry-after/)
})

t.test('without an allow-list no origin may call', async (t) => {
  const { app } = await testService(t)
  const response = await app.inject({ url: '/health/live', headers: { origin } })
  t.equal(response.headers['access-control-allow-origin'], undefined)
})

t.test('the client address is believed only from a trusted proxy', async (t) => {
  const cases: [string, string][] = [
    ['false', '127.0.0.1'],
    ['127.0.0.1', '203.0.113.9'],
    ['10.0.0.1', '127.0.0.1'],
  ]
  for (const [trust, expected] of cases) {
    const { app } = await testService(t, { env: { TRUST_PROXY: trust } })
    app.get('/who', { config: { access: 'public' }, schema: route('Who') }, async ({ ip }) => ({ ip }))
    const response = await app.inject({ url: '/who', headers: { 'x-forwarded-for': '203.0.113.9' } })
    t.equal(response.json().ip, expected, `TRUST_PROXY=${trust}`)
  }
})

t.test(
  'only addresses are taken from a forwarded header, and only what stands right of anything else',
  async (t) => {
    const { app, lines } = await testService(t, { env: { TRUST_PROXY: '127.0.0.1,10.0.0.0/8' } })
    app.get('/who', { config: { access: 'public' }, schema: route('Who') }, async ({ ip }) => ({ ip }))
    const cases: [string, string][] = [
      ['<img src=x onerror=alert(1)>', '127.0.0.1'],
      ['1.2.3.4:80', '127.0.0.1'],
      ['', '127.0.0.1'],
      ['203.0.113.9, unknown', '127.0.0.1'],
      ['unknown, 203.0.113.9', '203.0.113.9'],
      ['198.51.100.1, 203.0.113.9, 10.1.2.3', '203.0.113.9'],
      ['<img>, 10.1.2.3', '10.1.2.3'],
      ['2001:db8::1', '2001:db8::1'],
    ]
    for (const [forwarded, expected] of cases) {
      const response = await app.inject({ url: '/who', headers: { 'x-forwarded-for': forwarded } })
      t.equal(response.json().ip, expected, forwarded)
      for (const url of ['/who', '/nowhere', '/%zz']) {
        await app.inject({ url, headers: { 'x-forwarded-for': forwarded } })
        t.match(lines.at(-1), { path: url, address: expected }, `the log says so of ${url}, ${forwarded}`)
      }
    }
  },
)

t.test('a sane request id is kept, any other is replaced', async (t) => {
  const { app, lines } = await testService(t)
  const ask = async (id: string) => {
    const { headers } = await app.inject({ url: '/nowhere', headers: { 'x-request-id': id } })
    t.equal(lines.at(-1)?.requestId, headers['x-request-id'])
    return headers['x-request-id']
  }
  t.equal(await ask('0f8b-order.42:retry'), '0f8b-order.42:retry')
  for (const id of ['short', 'x'.repeat(65), 'has spaces in it', '{"json":"true"}', 'line\tbreak'])
    t.not(await ask(id), id)
})
