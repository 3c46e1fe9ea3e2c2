import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { type Measured, type Row, renderTable, reportRows } from '../load-tests/analytics/report.ts'
import { readSettings } from '../load-tests/analytics/settings.ts'

const bench = join(import.meta.dirname, '../load-tests/analytics/bench-analytics.ts')

t.test('a run at two small sizes measures every row at both, and prints one table', async (t) => {
  const output = await mkdtemp(join(tmpdir(), 'comanda-bench-'))
  t.teardown(() => rm(output, { recursive: true }))
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [bench, '--sizes=2000,200', '--requests=5'],
    { env: { ...process.env, BENCH_OUTPUT: output } },
  )

  const report = JSON.parse(await readFile(join(output, 'analytics.json'), 'utf8')) as {
    rows: Row[]
    measured: Measured[]
  }
  t.same(
    report.measured.map(({ orders }) => orders),
    [200, 2000],
  )
  for (const { title, values } of report.rows) {
    t.equal(values.length, 2, title)
    t.ok(
      values.every((value) => Number.isFinite(value) && value > 0),
      `${title}: ${values.join(', ')}`,
    )
  }
  const titles = new Set(report.rows.map(({ title }) => title))
  for (const title of [
    'roll_up(100), last tenth: µs of Postgres per event',
    'dashboard: pages read',
    'pickup-kinds: p95 ms',
    'place an order: ms of Postgres',
    'the feed: pages read',
    'bytes per order: all of it',
  ])
    t.ok(titles.has(title), title)
  t.match(stdout, /^\| {2}\| 200 orders \| 2,000 orders \| ratio \| required \| verdict \|$/m)
  t.match(stdout, /^\| dashboard: p95 ms \| [\d.]+ \| [\d.]+ \| [\d.]+ \| below 25 \| (met|missed) \|$/m)
  t.equal(await readFile(join(output, 'analytics.md'), 'utf8'), stdout)
})

const measured = (orders: number, dashboard: number, buffers: number, milliseconds: number): Measured => {
  const cost = { processor: 100, elapsed: 150 }
  const costs = { first: cost, last: cost }
  return {
    orders,
    ordersPerSecond: 60_000,
    rollUp: { 100: costs, 1000: costs },
    bytes: { 'all of it': 5000 },
    dashboards: { dashboard: { p50: 1, p95: dashboard, milliseconds: 1, buffers } },
    hotPaths: { 'own orders': { p50: 1, p95: 1, milliseconds, buffers: 10 } },
  }
}

t.test(
  'a required number is met or missed by the largest size, or by its ratio to the smallest',
  async (t) => {
    const verdicts = (largest: Measured) =>
      Object.fromEntries(
        reportRows([measured(100, 30, 100, 1), largest])
          .filter(({ required }) => required)
          .map(({ title, met }) => [title, met]),
      )
    t.match(verdicts(measured(1000, 24, 110, 1.2)), {
      'seeded orders per second': true,
      'roll_up(100), last tenth: µs of Postgres per event': true,
      'dashboard: p95 ms': true,
      'dashboard: pages read': true,
      'own orders: ms of Postgres': true,
    })
    t.match(verdicts(measured(1000, 25, 111, 1.21)), {
      'dashboard: p95 ms': false,
      'dashboard: pages read': false,
      'own orders: ms of Postgres': false,
    })
    const missed = reportRows([measured(100, 30, 100, 1)])
    t.match(
      renderTable([measured(100, 30, 100, 1)], missed),
      '| dashboard: p95 ms | 30.00 |  | below 25 | missed |',
    )
  },
)

t.test('arguments choose the sizes, and one that makes no sense is refused with a sentence', async (t) => {
  t.match(readSettings([]), { sizes: [20_000, 300_000], recentOrders: 10_000, requests: 200 })
  t.match(readSettings(['--sizes=2000,200', '--requests=7']), {
    sizes: [200, 2000],
    recentOrders: 100,
    requests: 7,
  })
  t.throws(() => readSettings(['--sizes=20000,many']), { message: /--sizes .* not "many"/ })
  t.throws(() => readSettings(['--sizes=10000001']), { message: /from 100 to 10000000/ })
  t.throws(() => readSettings(['--recent=101', '--sizes=200']), { message: /--recent .* from 1 to 100/ })
  t.throws(() => readSettings(['--size=200']), { message: /Unknown option '--size'/ })
})
