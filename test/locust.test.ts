import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import {
  cloneTestDatabase,
  findFreePorts,
  startServiceUnderTest,
  testRedisNodes,
} from '../libs/local-stack/src/testing.ts'
import { limitsOutOfReach } from '../load-tests/limits.ts'
import { openMigratedDatabase } from '../load-tests/open-database.ts'
import { profiles } from '../load-tests/profiles/profiles.ts'
import { type LoadScenario, scenarios } from '../load-tests/profiles/scenarios.ts'
import { insertWorld } from '../load-tests/run/insert-world.ts'
import { startLocust } from '../load-tests/run/start-locust.ts'

const root = join(import.meta.dirname, '..')

/** Every profile, with pauses as short as a test is, and objectives that no machine misses because it is busy. */
const everything: LoadScenario = {
  ...scenarios['10-users'],
  users: 12,
  thinkSeconds: 0.1,
  stages: [{ seconds: 20, users: 12 }],
  mix: [
    { profile: 'normal', weight: 1 },
    { profile: 'heavy', weight: 1 },
    { profile: 'sockets', weight: 1 },
  ],
  objectives: { p95Milliseconds: 60_000, errorShare: 0 },
}

t.test('locust knows every action of every profile', (t) => {
  const text = readFileSync(join(root, 'load-tests/locust/actions.py'), 'utf8')
  for (const { name } of Object.values(profiles).flat()) t.match(text, new RegExp(`^def ${name}\\(user`, 'm'))
  t.end()
})

t.test(
  'users of locust find a fleet that answers, and objectives that are missed fail the run',
  async (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'locust-'))
    t.teardown(() => rmSync(directory, { recursive: true }))
    const clone = await cloneTestDatabase()
    t.teardown(() => clone.drop())
    const accessTokenSecret = 'the-secret-that-signs-tokens-in-this-test'
    const database = await openMigratedDatabase(clone.url, 'locust')
    const filled = await insertWorld(database.primary, {
      customers: 20,
      accessTokenSecret,
      tokenSeconds: 3600,
    })
    await database.close()
    const start = async (name: string) => {
      const service = await startServiceUnderTest(join(root, `services/${name}/src/server.ts`), {
        ACCESS_TOKEN_SECRET: accessTokenSecret,
        DATABASE_URL: clone.url,
        DATABASE_POOL_MIN: '0',
        DATABASE_POOL_MAX: '5',
        REDIS_NODES: testRedisNodes(),
        ...limitsOutOfReach,
      })
      t.teardown(() => service.stop('SIGKILL'))
      return service.url
    }
    const [url, gatewayUrl] = await Promise.all([start('orders'), start('realtime'), start('worker')])
    const options = { directory, args: ['--headless', '--only-summary'], stdio: 'ignore' } as const

    const locust = await startLocust(everything, { url, gatewayUrl, ...filled }, options)
    t.strictSame(await once(locust, 'close'), [0, null], 'all was answered as expected')
    const history = readdirSync(join(directory, 'history'))
    t.ok(history.some((file) => file.endsWith('-locust.html')))
    const table = history.find((file) => file.endsWith('-locust_stats.csv')) ?? ''
    const figures = readFileSync(join(directory, 'history', table), 'utf8')
    for (const name of ['getMenu', 'placeOrder', 'readyOrder', 'event']) t.match(figures, `,${name},`)

    const nowhere = `http://127.0.0.1:${await findFreePorts(1)}`
    const short: LoadScenario = { ...scenarios['10-users'], stages: [{ seconds: 3, users: 10 }] }
    const failing = await startLocust(short, { url: nowhere, gatewayUrl: nowhere, ...filled }, options)
    t.strictSame(await once(failing, 'close'), [1, null])
  },
)
