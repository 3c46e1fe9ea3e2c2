import t from 'tap'
import { testService } from '../support.ts'

const scanners = [
  'sqlmap/1.8.2#stable (https://sqlmap.org)',
  'Mozilla/5.00 (Nikto/2.5.0)',
  'Nuclei - Open-source',
  'WPScan v3',
]
const clients = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)',
  'okhttp/5.0',
  'python-requests/2.32',
  'curl/8.5.0',
  '',
]
const probes = [
  '/.env',
  '/.git/config',
  '/wp-login.php',
  '/v1/%2e%2e%2fadmin',
  '/cgi-bin/x',
  '/v1/<img>',
  '/index.php',
]

t.test('programs that look for holes are refused, whatever they ask for, and others are not', async (t) => {
  const { app } = await testService(t)
  for (const agent of scanners)
    for (const url of ['/health/live', '/nowhere', '/openapi.json']) {
      const response = await app.inject({ url, headers: { 'user-agent': agent } })
      t.equal(response.statusCode, 403, `${agent} ${url}`)
      t.match(response.json(), { code: 'client_blocked' })
    }
  for (const agent of clients)
    t.equal(
      (await app.inject({ url: '/health/live', headers: { 'user-agent': agent } })).statusCode,
      200,
      agent,
    )
  for (const url of probes) t.equal((await app.inject(url)).statusCode, 403, url)
  t.equal((await app.inject('/health/live?q=<b>union select.php')).statusCode, 200, 'a query is left alone')
})

t.test('the names are configuration', async (t) => {
  const { app } = await testService(t, { env: { BLOCKED_USER_AGENTS: 'a+b, curl' } })
  const status = async (agent: string) =>
    (await app.inject({ url: '/health/live', headers: { 'user-agent': agent } })).statusCode
  t.equal(await status('curl/8'), 403)
  t.equal(await status('a+b'), 403)
  t.equal(await status('aab'), 200, 'they are no patterns')
  t.equal(await status(scanners[0] as string), 200)
})

t.test('every answer that says nothing else is not to be kept', async (t) => {
  const { app } = await testService(t)
  app.get(
    '/own',
    { config: { access: 'public' }, schema: { operationId: 'own', summary: 'x' } },
    async (_, reply) => reply.header('cache-control', 'public, max-age=5').send({}),
  )
  app.get(
    '/plain',
    { config: { access: 'public' }, schema: { operationId: 'plain', summary: 'x' } },
    async () => ({}),
  )
  t.equal((await app.inject('/own')).headers['cache-control'], 'public, max-age=5')
  for (const url of ['/plain', '/nowhere', '/.env'])
    t.equal((await app.inject(url)).headers['cache-control'], 'no-store', url)
})
