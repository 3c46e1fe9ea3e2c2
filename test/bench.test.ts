import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { judge } from '../load-tests/bench/goals.ts'
import { parseLog } from '../load-tests/bench/load/record-statements.ts'
import { ratiosOf, wholeCost } from '../load-tests/bench/measuring/rounds.ts'
import type { Sample } from '../load-tests/bench/measuring/sample.ts'
import { baselineOf, compareWith } from '../load-tests/bench/report/baseline.ts'
import type { Report } from '../load-tests/bench/report/report.ts'

const bench = join(import.meta.dirname, '../load-tests/bench/bench.ts')

t.test('a quick run of one part measures the service beside its ceiling and writes its report', async (t) => {
  const output = await mkdtemp(join(tmpdir(), 'comanda-bench-'))
  t.teardown(() => rm(output, { recursive: true }))
  const env = { ...process.env, BENCH_QUICK: '1', BENCH_ONLY: 'menu', BENCH_OUTPUT: output }
  const { stdout } = await promisify(execFile)(process.execPath, [bench], { env })

  const report = JSON.parse(await readFile(join(output, 'bench.json'), 'utf8')) as Report
  const uncached = report.measured.find(({ name }) => name === 'menu: uncached')
  const ceiling = report.measured.find(({ name }) => name === 'bare Fastify: buffer')
  for (const one of [uncached, ceiling]) {
    if (!one) throw new Error(`something was not measured: ${stdout}`)
    t.ok(one.perSecond.median > 1, `${one.name} answered`)
    t.ok((one.serverMicroseconds?.median ?? 0) > 1, `${one.name} used its processor`)
    t.ok(one.p50.median <= one.p99.median, `${one.name} has latencies`)
  }
  t.ok((uncached?.postgresMicroseconds?.median ?? 0) > 1, 'Postgres used its processor')
  t.same(
    report.goals.map(({ id }) => id),
    ['menu-l1', 'menu-304', 'menu-l2'],
  )
  for (const { measured, reason } of report.goals) t.ok(measured ?? reason)
  t.match(
    stdout,
    /\| menu, L1 hit, beside bare Fastify sending the same bytes \| .+ \| .* \| 0\.50 \| 0\.75 \|/,
  )

  const html = await readFile(join(output, 'bench.html'), 'utf8')
  t.notMatch(html, /<(script|link|img)[^>]+(src|href)=/, 'nothing is loaded from elsewhere')
  const embedded = /<script type="application\/json" id="report">(.*?)<\/script>/s.exec(html)?.[1]
  t.same(JSON.parse(embedded as string), report)
})

t.test('a ratio is taken within a round', async (t) => {
  const at = (perSecond: number, serverMicroseconds: number | null, postgresMicroseconds: number) =>
    ({ perSecond, serverMicroseconds, postgresMicroseconds }) as Sample
  const series = [
    { name: 'ours', samples: [at(50, 10, 30), at(10, 10, 40), at(30, 20, 80)] },
    { name: 'ceiling', samples: [at(100, null, 30), at(50, null, 30), at(50, null, 90)] },
  ]
  t.same(ratiosOf(series, 'ours', 'ceiling', wholeCost), {
    measured: { median: 0.5, least: 0.2, most: 0.6 },
    byProcessor: { median: 0.75, least: 0.6, most: 0.9 },
  })
  t.equal(ratiosOf(series, 'nobody', 'ceiling', wholeCost), null)
})

t.test('a goal is judged by the median, whichever way is better', async (t) => {
  const verdict = (id: 'menu-l1' | 'memory', median: number) =>
    judge(id, { measured: { median, least: 0, most: 1000 } }).verdict
  t.same(
    [0.8, 0.6, 0.4].map((ratio) => verdict('menu-l1', ratio)),
    ['aim met', 'met', 'missed'],
  )
  t.same(
    [120, 180, 220].map((megabytes) => verdict('memory', megabytes)),
    ['aim met', 'met', 'missed'],
  )
  t.match(judge('menu-l1', { reason: 'not cached yet' }), { verdict: 'not measured', measured: null })
})

t.test('a lower ratio and a higher cost are worse than the baseline', async (t) => {
  const spread = (median: number) => ({ median, least: median, most: median })
  const report = (ratio: number, cost: number) =>
    ({
      at: '2026-01-01T00:00:00Z',
      machine: { processor: 'any' },
      goals: [judge('menu-l1', { measured: spread(ratio) })],
      measured: [{ name: 'menu', runs: 3, serverMicroseconds: spread(cost), postgresMicroseconds: null }],
    }) as unknown as Report
  const baseline = baselineOf(report(0.5, 100))
  const verdicts = (ratio: number, cost: number) =>
    compareWith(baseline, report(ratio, cost)).map(({ verdict }) => verdict)
  t.same(verdicts(0.3, 150), ['worse', 'worse'])
  t.same(verdicts(0.45, 110), ['same', 'same'])
  t.same(verdicts(0.7, 70), ['better', 'better'])
})

t.test('statements and their values are read from the log of Postgres', async (t) => {
  const log = [
    '2026-01-01 12:00:00.000 UTC [1] orders@comanda LOG:  execute s3: select place_order(',
    '\t      $1, $2::jsonb, $3',
    '\t    ) as placed',
    "2026-01-01 12:00:00.000 UTC [1] orders@comanda DETAIL:  Parameters: $1 = 'a', $2 = '{\"note\": \"l''eau, $1 = ''x''\"}', $3 = NULL",
    '2026-01-01 12:00:00.000 UTC [1] orders@comanda LOG:  statement: select 1',
    '',
  ].join('\n')
  const [statement, ...others] = parseLog(log)
  t.same(others, [])
  t.match(statement?.text, /^select place_order\(\s+\$1, \$2::jsonb, \$3\s+\) as placed$/)
  t.same(statement?.values, ['a', '{"note": "l\'eau, $1 = \'x\'"}', null])
})
