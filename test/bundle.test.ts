import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { bundle } from '../images/bundle.ts'
import {
  cloneTestDatabase,
  findFreePorts,
  type ServiceUnderTest,
  startServiceUnderTest,
  testRedisNodes,
} from '../libs/local-stack/src/testing.ts'
import { findSourcePositions } from '../libs/service/src/logging/source-positions.ts'

const root = join(import.meta.dirname, '..')
// Not `dist`: other tests and `make bench` write that, maybe at this time.
const out = mkdtempSync(join(tmpdir(), 'bundles-'))
t.teardown(() => rmSync(out, { recursive: true }))
const files = Object.fromEntries(
  await Promise.all(
    ['services/analytics', 'services/orders', 'services/realtime', 'services/worker', 'libs/payments'].map(
      async (folder) => [folder, await bundle(join(root, folder), join(out, folder))] as const,
    ),
  ),
)
const clone = await cloneTestDatabase()
t.teardown(() => clone.drop())

async function start(folder: string, env: Record<string, string> = {}): Promise<ServiceUnderTest> {
  const service = await startServiceUnderTest(files[folder] ?? '', {
    DATABASE_URL: clone.url,
    DATABASE_POOL_MIN: '0',
    DATABASE_POOL_MAX: '5',
    REDIS_NODES: testRedisNodes(),
    ...env,
  })
  t.teardown(() => service.stop('SIGKILL'))
  return service
}

for (const name of ['analytics', 'orders', 'realtime', 'worker']) {
  t.test(`${name} as one file gets ready, writes log files, and stops in order`, async (t) => {
    const logs = mkdtempSync(join(tmpdir(), 'bundle-'))
    t.teardown(() => rmSync(logs, { recursive: true }))
    const service = await start(`services/${name}`, { LOG_DIRECTORY: logs })
    while (!(await fetch(`${service.url}/health/ready`)).ok) await wait(20)
    const { version } = JSON.parse(readFileSync(join(root, `services/${name}/package.json`), 'utf8'))
    t.match(await (await fetch(`${service.url}/health`)).json(), { version })
    t.match(await service.stop('SIGTERM'), { code: 0, signal: null })
    t.ok(readdirSync(logs).some((file) => file.startsWith(`${name}-combined`)))
  })
}

t.test('orders as one file has its documentation, with what that reads from its own folder', async (t) => {
  const { url } = await start('services/orders')
  const page = await fetch(`${url}/docs/`)
  t.equal(page.status, 200)
  const style = /href="([^"]+swagger-ui\.css)"/.exec(await page.text())?.[1] ?? ''
  t.match((await fetch(new URL(style, `${url}/docs/`))).headers.get('content-type'), 'text/css')
})

t.test('the payment sandbox as one file', async (t) => {
  const port = await findFreePorts(1)
  const child = spawn(process.execPath, [files['libs/payments'] ?? ''], {
    env: { HOST: '127.0.0.1', PORT: String(port) },
    stdio: 'ignore',
  })
  t.teardown(() => child.kill('SIGKILL'))
  const alive = () =>
    fetch(`http://127.0.0.1:${port}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await alive())) await wait(20)
})

t.test('a stack in the log names the sources, and the files of packages', async (t) => {
  const service = await start('services/orders', { REDIS_NODES: '127.0.0.1:1' })
  const stacks = () => service.output().match(/"stack":"(?:[^"\\]|\\.)*"/g) ?? []
  while (stacks().length === 0) await wait(20)
  const stack = stacks().join('\n')
  t.match(stack, /at .*\/node_modules\/ioredis\/[\w/]+\.js\)?\\n/)
  t.notMatch(stack, 'server.mjs')
})

t.test('places in the file come from where Node finds them in its map', (t) => {
  const file = files['services/orders'] ?? ''
  const lines = readFileSync(file, 'utf8').split('\n')
  const map = JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload
  // Every hundredth line, its first, its last and its middle column, the last place first.
  const places = lines
    .flatMap((text, index) =>
      index % 100 === 0
        ? [1, Math.ceil(text.length / 2), text.length].map((column) => ({ line: index + 1, column }))
        : [],
    )
    .toReversed()
  const node = new SourceMap(map)
  const expected = places.map(({ line, column }) => {
    const entry = node.findEntry(line - 1, column - 1)
    return 'originalSource' in entry
      ? { source: entry.originalSource, line: entry.originalLine + 1, column: entry.originalColumn + 1 }
      : null
  })
  t.same(findSourcePositions(map, places), expected)
  t.ok(new Set(expected.map((place) => place?.source)).size > 5)
  t.end()
})

t.test('the licenses of what is in a file are beside it', async (t) => {
  for (const file of Object.values(files)) {
    const licenses = readFileSync(join(file, '../licenses.txt'), 'utf8')
      .split(/^# (?=.*@\d)/m)
      .slice(1)
    t.ok(licenses.length > 50)
    t.ok(licenses.some((license) => license.startsWith('fastify@') && license.includes('MIT License')))
  }
})
