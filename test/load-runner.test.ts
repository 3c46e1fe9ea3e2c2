import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { findFreePorts } from '../libs/local-stack/src/testing.ts'
import type { Device } from '../load-tests/profiles/device.ts'
import { lasting, scenarios, withLatency } from '../load-tests/profiles/scenarios.ts'
import { findLimit, limitOf } from '../load-tests/run/find-limit.ts'
import { readSettings } from '../load-tests/run/settings.ts'
import { startLoad } from '../load-tests/runner/load.ts'
import { runScenario } from '../load-tests/runner/run-scenario.ts'
import { summaryFiles } from '../load-tests/summary/files.ts'
import { judge, type Quantiles, type Summary, succeeded } from '../load-tests/summary/summary.ts'
import { asText } from '../load-tests/summary/text.ts'

async function serve(t: Test, answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server: Server = createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.closeAllConnections())
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const ask = async (device: Device) => {
  await device.send({ operation: 'ask', method: 'GET', path: '/', token: null, expected: [200] })
}
const flow = (perSecond: number, seconds: number, act = ask) => ({
  act,
  perSecond: () => perSecond,
  seconds,
  spacing: 'even' as const,
})

t.test(
  'a fleet that stalls is asked no less, and the time of each request counts from when it was due',
  async (t) => {
    const stalledFor = 1000
    const beganAt = performance.now()
    const waiting: (() => void)[] = []
    const url = await serve(t, (_request, response) => {
      if (performance.now() - beganAt > stalledFor) response.end('{}')
      else waiting.push(() => response.end('{}'))
    })
    const { finished } = startLoad({ url, gatewayUrl: url, flows: [flow(100, 1.995)] })
    await wait(stalledFor)
    t.ok(waiting.length > 50, `${waiting.length} requests were begun while none was answered`)
    for (const answer of waiting) answer()
    const { requests, failed, duration } = await finished
    t.equal(requests, 200, 'all arrivals of two seconds')
    t.equal(failed, 0)
    // Half of the arrivals met the stall, evenly from all of it down to nothing.
    t.ok((duration.max ?? 0) > stalledFor * 0.8, `the slowest took ${duration.max} ms`)
    t.ok((duration.p95 ?? 0) > stalledFor * 0.6, `the 95th percentile is ${duration.p95} ms`)
  },
)

t.test('a runner that stalls itself does not flatter the fleet, and says how late it was', async (t) => {
  const url = await serve(t, (_request, response) => void response.end('{}'))
  const { finished } = startLoad({ url, gatewayUrl: url, flows: [flow(50, 0.99)] })
  await wait(200)
  const until = performance.now() + 500
  while (performance.now() < until);
  const { requests, duration, latenessMilliseconds } = await finished
  t.equal(requests, 50, 'what was due meanwhile is made up for')
  t.ok((latenessMilliseconds ?? 0) > 300, `late by ${latenessMilliseconds} ms`)
  t.ok((duration.max ?? 0) >= (latenessMilliseconds ?? 0))
})

t.test('an unexpected answer and none at all are failures, with a reason', async (t) => {
  const url = await serve(t, (_request, response) => {
    response.statusCode = 503
    response.end('{"code":"overloaded"}')
  })
  const refused = await startLoad({ url, gatewayUrl: url, flows: [flow(10, 0.15)] }).finished
  t.match(refused, { requests: 2, failed: 2, operations: { ask: { failed: 2 } } })
  t.match(refused.problems[0], 'GET / was answered 503: {"code":"overloaded"}')

  const nowhere = `http://127.0.0.1:${await findFreePorts(1)}`
  const dead = await startLoad({ url: nowhere, gatewayUrl: nowhere, flows: [flow(10, 0.15)] }).finished
  t.match(dead, { requests: 2, failed: 2 })
  t.match(dead.problems[0], /GET \/ was answered nothing: .*ECONNREFUSED/)
})

t.test('a load that is stopped lets what was begun come to its end', async (t) => {
  let answered = 0
  const url = await serve(t, (_request, response) => {
    setTimeout(() => {
      answered += 1
      response.end('{}')
    }, 300)
  })
  const load = startLoad({ url, gatewayUrl: url, flows: [{ ...flow(50, 1), seconds: null }] })
  await wait(400)
  const { requests, failed } = await load.stop()
  t.ok(requests > 0)
  t.equal(failed, 0)
  t.equal(requests, answered)
})

const quantiles: Quantiles = { count: 6000, p50: 10, p95: 80, p99: 140, max: 300 }
const kept: Summary = {
  scenario: 'rush',
  runner: 'node',
  at: '2026-01-31T12:00:00.000Z',
  url: 'http://127.0.0.1:3001',
  seconds: 60,
  users: 5000,
  requests: 6000,
  failed: 1,
  skipped: 0,
  latenessMilliseconds: 3,
  duration: quantiles,
  operations: { getMenu: { ...quantiles, failed: 1 } },
  eventDelay: { count: 0, p50: null, p95: null, p99: null, max: null },
  counts: { orders_placed: 500 },
  problems: [],
}

t.test('each objective is missed by a figure that is just too bad', (t) => {
  const { objectives } = scenarios.rush
  const missed = (changes: Partial<Summary>) =>
    judge({ ...kept, ...changes }, objectives)
      .filter((verdict) => !verdict.kept)
      .map(({ what }) => what)
  t.strictSame(missed({}), [])
  t.strictSame(missed({ duration: { ...quantiles, p95: 96 } }), ['p95 of requests'])
  t.strictSame(missed({ duration: { ...quantiles, p99: 151 } }), ['p99 of requests'])
  t.strictSame(missed({ failed: 2 }), ['failed requests'])
  t.strictSame(missed({ counts: { orders_placed: 416 } }), ['orders per second'])
  t.strictSame(missed({ requests: 0, failed: 0 }), ['failed requests'], 'nothing asked is nothing shown')
  const sockets = judge({ ...kept, counts: { events_missed: 1 } }, scenarios.sockets.objectives)
  t.strictSame(
    sockets.filter((verdict) => !verdict.kept).map(({ what }) => what),
    ['p95 of events', 'sockets lost and events missed'],
    'what was not measured was not kept',
  )
  t.end()
})

t.test('a load that was not made, or broke off, is no success whatever the objectives are', (t) => {
  const missed = (changes: Partial<Summary>) => {
    const verdicts = judge(
      { ...kept, ...changes },
      { p95Milliseconds: 1000, errorShare: 1, latency: 'printed' },
    )
    return succeeded(verdicts) ? [] : verdicts.filter((verdict) => !verdict.kept).map(({ what }) => what)
  }
  t.strictSame(missed({}), [])
  t.strictSame(missed({ skipped: 1 }), ['actions skipped'])
  t.strictSame(missed({ counts: { actions_failed: 1 } }), ['actions that failed themselves'])
  t.end()
})

t.test('an answer that breaks an action off is counted, and fails the run', async (t) => {
  const url = await serve(t, (request, response) => {
    response.statusCode = request.method === 'POST' ? 201 : 200
    response.end('no JSON')
  })
  const kitchen = { cafeteriaId: 'a', productIds: ['b'], staffToken: null }
  const world = { url, gatewayUrl: url, customers: ['a token'], kitchens: [kitchen] }
  const summary = await runScenario(lasting(scenarios['10-users'], 2), world)
  t.ok((summary.counts.actions_failed ?? 0) > 0, 'an order without JSON has no id')
  t.ok(summary.problems.some((problem) => problem.startsWith('a profile failed: ')))
  t.equal(summary.failed, 0, 'no request failed')
  t.notOk(succeeded(judge(summary, { p95Milliseconds: 60_000, errorShare: 0 })))
})

t.test('where latency is printed, a missed duration fails nothing, and everything else does', (t) => {
  const { objectives } = withLatency(scenarios.sockets, 'printed')
  const slow = { ...quantiles, p95: 5000, p99: 9000 }
  const asked: Summary = { ...kept, failed: 0, duration: slow, eventDelay: slow }
  const verdicts = judge(asked, { ...objectives, p99Milliseconds: 100 })
  t.ok(succeeded(verdicts))
  t.strictSame(
    verdicts.filter((verdict) => !verdict.kept).map(({ what }) => what),
    ['p95 of requests', 'p99 of requests', 'p95 of events'],
    'it is still said that they were missed',
  )
  t.match(
    asText(asked, verdicts),
    /p95 of requests +at most 200 ms +5000 +missed, which decides nothing here/,
  )
  t.match(summaryFiles(asked, verdicts)['rush.html'], 'all kept')
  for (const changes of [{ failed: 60 }, { counts: { events_missed: 1 } }, { skipped: 1 }])
    t.notOk(succeeded(judge({ ...asked, ...changes }, objectives)), JSON.stringify(changes))
  t.notOk(succeeded(judge(asked, scenarios.sockets.objectives)), 'by default durations decide')
  t.end()
})

t.test('a summary is written as the newest of its scenario and into a history by date', (t) => {
  const verdicts = judge(kept, scenarios.rush.objectives)
  const files = summaryFiles({ ...kept, problems: ['<script> & more'] }, verdicts)
  t.strictSame(Object.keys(files), [
    'rush.json',
    'rush.html',
    'history/2026-01-31T12-00-00.000Z-rush-node.json',
    'history/2026-01-31T12-00-00.000Z-rush-node.html',
  ])
  t.match(JSON.parse(files['rush.json'] ?? ''), { requests: 6000, verdicts })
  t.match(files['rush.html'], '&lt;script> &amp; more')
  t.match(asText(kept, verdicts), /getMenu +6000 +1 +10 +80 +140 +300/)
  t.end()
})

t.test('the arguments of a run are checked', (t) => {
  t.match(readSettings('rush', {}), { customers: 5000, address: null, runner: null, tokenSeconds: 600 })
  const there = readSettings('rush', { COMANDA_URL: 'https://api.example.com/', SECONDS: '1800' })
  t.match(there, {
    customers: 200,
    address: { url: 'https://api.example.com', gatewayUrl: 'https://api.example.com' },
    tokenSeconds: 2100,
  })
  const printed = readSettings('10-users', { LATENCY: 'printed' }).scenario.objectives
  t.match(printed, { latency: 'printed', p95Milliseconds: 120 })
  t.equal(readSettings('10-users', {}).scenario.objectives.latency, 'decides')
  t.throws(() => readSettings('rush', { LATENCY: 'off' }), /LATENCY must be decides or printed, not "off"/)
  t.throws(() => readSettings('rash', {}), /"rash" is no scenario: there are 10-users/)
  t.throws(() => readSettings(undefined, {}), /no scenario/)
  t.throws(() => readSettings('rush', { SECONDS: '-1' }), /SECONDS must be a number above 0/)
  t.throws(() => readSettings('rush', { COMANDA_URL: 'api.example.com' }), /COMANDA_URL must be an address/)
  t.throws(() => readSettings('rush', { RUNNER: 'vegeta' }), /RUNNER must be k6 or node/)
  t.throws(() => readSettings('rush', { STAFF_EMAIL: 'staff@comanda.test' }), /belong together/)
  t.end()
})

t.test('the limit is found between the most users that hold and the fewest that do not', async (t) => {
  const limitAt = (limit: number) => findLimit(5000, async (users) => users <= limit)
  for (const limit of [3000, 5000, 12_345, 50_000]) {
    const found = limitOf(await limitAt(limit))
    t.ok(found <= limit && found * 1.1 >= limit, `${found} for ${limit}`)
  }
  t.equal(limitOf(await limitAt(0)), 0, 'nothing holds at all')
})
