import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { findFreePorts } from '../libs/local-stack/src/testing.ts'
import { loadScript } from '../load-tests/k6/stand-in/run-script.ts'
import { scenarioNames, scenarios } from '../load-tests/profiles/scenarios.ts'
import type { World } from '../load-tests/profiles/world.ts'
import { startWorld } from './start-world.ts'

const root = join(import.meta.dirname, '..')
const directory = mkdtempSync(join(tmpdir(), 'k6-'))
t.teardown(() => rmSync(directory, { recursive: true }))
const world = await startWorld(t, 5)

/** Writes a world to a file, and returns the variables that a script is given. */
function variables(name: string, changes: Partial<World> = {}): Record<string, string> {
  const file = join(directory, `${name}.json`)
  writeFileSync(file, JSON.stringify({ ...world, ...changes }))
  return { WORLD: file, SUMMARIES: directory, SECONDS: '60' }
}

for (const name of scenarioNames) {
  t.test(`k6 can load ${name}, and it has options that k6 understands`, async (t) => {
    const { options, exported, metrics } = await loadScript(name, variables(name))
    const [scenario] = Object.values(options.scenarios ?? {})
    t.ok(exported.includes(scenario?.exec ?? ''), 'the function of the scenario is exported')
    for (const [metric, limits] of Object.entries(options.thresholds ?? {})) {
      t.ok(metrics.has(metric.replace(/\{.*\}$/, '')), `${metric} is a metric`)
      for (const limit of limits) t.match(limit, /^(p\(\d+\)|rate|count|max)(<=|>=)\d+(\.\d+)?$/)
    }
    const whole = [scenario].flatMap((is) =>
      is?.executor === 'constant-vus'
        ? [is.vus]
        : is?.executor === 'ramping-arrival-rate'
          ? [is.startRate, is.preAllocatedVUs, is.maxVUs, ...is.stages.map(({ target }) => target)]
          : [Number.NaN],
    )
    t.ok(whole.every(Number.isInteger), `${whole.join(', ')} are whole`)
    const { p95Milliseconds } = scenarios[name].objectives
    t.ok(
      options.thresholds?.['http_req_duration']?.includes(`p(95)<=${p95Milliseconds}`),
      'the objective fails the run',
    )
  })
}

t.test('where latency is printed, no threshold of k6 is about it, and all others stay', async (t) => {
  const deciding = await loadScript('sockets', variables('deciding'))
  const printing = await loadScript('sockets', { ...variables('printing'), LATENCY: 'printed' })
  const namesOf = ({ options }: typeof deciding) =>
    Object.keys(options.thresholds ?? {}).filter((name) => !name.includes('{'))
  t.strictSame(
    namesOf(deciding).filter((name) => !namesOf(printing).includes(name)),
    ['http_req_duration', 'event_delay'],
  )
  t.match(printing.options.thresholds, {
    http_req_failed: ['rate<=0.001'],
    events_missed: ['count<=0'],
    dropped_iterations: ['count<=0'],
    actions_failed: ['count<=0'],
  })
})

t.test('a normal user of k6 finds a fleet that answers, and the summary says what it met', async (t) => {
  const script = await loadScript('rush', variables('rush'))
  for (let count = 0; count < 60; count += 1) await script.act()
  t.same(script.printed, [], 'nothing was answered otherwise than expected')
  const data = script.metrics.summarise(5, Object.keys(script.options.thresholds ?? {}))
  const written = script.handleSummary(data)
  const summary = JSON.parse(written[join(directory, 'rush.json')] ?? '')
  t.match(summary, { scenario: 'rush', runner: 'k6', url: world.url, users: 5000, failed: 0, problems: [] })
  t.equal(summary.requests, data.metrics['http_reqs']?.values['count'])
  const called = Object.values(summary.operations as Record<string, { count: number }>)
  t.equal(
    called.reduce((sum, { count }) => sum + count, 0),
    summary.requests,
    'each request counts for its operation',
  )
  t.ok(summary.counts.orders_placed > 0, 'orders were placed')
  t.match(written['stdout'], /p95 of requests +at most 95 ms/)
  t.match(written[join(directory, 'rush.html')], '<h1>rush</h1>')
  t.equal(Object.keys(written).filter((path) => path.includes('/history/')).length, 2)
})

t.test('a heavy user of k6 finds a fleet that answers', async (t) => {
  const script = await loadScript('soak', variables('soak'))
  for (let count = 0; count < 60; count += 1) await script.act()
  t.same(script.printed, [])
})

t.test('a socket of k6 shows the order and each of its moves', async (t) => {
  const script = await loadScript('sockets', variables('sockets'))
  await script.act()
  t.same(script.printed, [])
  const { metrics } = script.metrics.summarise(60, ['event_delay', 'events_missed', 'sockets_lost'])
  t.equal(metrics['event_delay']?.values['count'], 4, 'placed, accepted, started, ready')
  t.equal(metrics['events_missed']?.values['count'], 0)
  t.equal(metrics['sockets_lost']?.values['count'], 0)
})

t.test('a fleet that is not there misses the objectives', async (t) => {
  const nowhere = `http://127.0.0.1:${await findFreePorts(1)}`
  const script = await loadScript('10-users', variables('nowhere', { url: nowhere, gatewayUrl: nowhere }))
  for (let count = 0; count < 3; count += 1) await script.act()
  t.ok(script.printed.length >= 3, 'each failure is printed')
  const written = script.handleSummary(
    script.metrics.summarise(1, Object.keys(script.options.thresholds ?? {})),
  )
  t.match(written['stdout'], /failed requests +at most 0\.1 % +100 +MISSED/)
})

t.test('a script without a world says what is missing', async (t) => {
  await t.rejects(loadScript('10-users', {}), /WORLD must name a file/)
})

t.test('k6 is neither installed nor built by anything here', (t) => {
  const files = [
    'package.json',
    'load-tests/package.json',
    'pnpm-workspace.yaml',
    'scripts/charts/versions.ts',
  ]
  for (const file of files) t.notMatch(readFileSync(join(root, file), 'utf8'), /go\.k6\.io|"k6":/, file)
  t.end()
})
