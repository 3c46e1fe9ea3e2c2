import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { findFreePorts } from '../libs/local-stack/src/testing.ts'
import { profiles } from '../load-tests/profiles/profiles.ts'
import { type LoadScenario, scenarios } from '../load-tests/profiles/scenarios.ts'
import { startLocust } from '../load-tests/run/start-locust.ts'
import { startWorld } from './start-world.ts'

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
    const world = await startWorld(t, 20)
    const options = { directory, args: ['--headless', '--only-summary'], stdio: 'ignore' } as const

    const locust = await startLocust(everything, world, options)
    t.strictSame(await once(locust, 'close'), [0, null], 'all was answered as expected')
    const history = readdirSync(join(directory, 'history'))
    t.ok(history.some((file) => file.endsWith('-locust.html')))
    const table = history.find((file) => file.endsWith('-locust_stats.csv')) ?? ''
    const figures = readFileSync(join(directory, 'history', table), 'utf8')
    for (const name of ['getMenu', 'placeOrder', 'readyOrder', 'event']) t.match(figures, `,${name},`)

    const nowhere = `http://127.0.0.1:${await findFreePorts(1)}`
    const short: LoadScenario = { ...scenarios['10-users'], stages: [{ seconds: 3, users: 10 }] }
    const failing = await startLocust(short, { ...world, url: nowhere, gatewayUrl: nowhere }, options)
    t.strictSame(await once(failing, 'close'), [1, null])
  },
)
