import { execFile } from 'node:child_process'
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { stringify } from 'yaml'
import { durationBuckets } from '../../libs/service/src/metrics/http-metrics.plugin.ts'
import { programOf } from '../../scripts/charts/go.ts'
import { monitoringTools } from '../../scripts/charts/versions.ts'
import { root } from './chart.ts'
import { unknownIn } from './rules/known-metrics.ts'
import { metricsOfQuery } from './rules/metrics-of-query.ts'
import {
  alerts,
  alertTestFiles,
  alertTests,
  recorded,
  ruleFiles,
  rules,
  runbookName,
} from './rules/read-rules.ts'

const base = 'https://github.com/comanda/comanda/blob/main/docs/runbooks/'
const runbooks = globSync(join(root, 'docs/runbooks/*.md')).filter((file) => basename(file) !== 'README.md')

/** @throws with what promtool says when it finds a fault */
async function promtool(...args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(programOf(monitoringTools.promtool), args)).stdout
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    throw new Error(`${stdout}${stderr}`, { cause: error })
  }
}

t.test('Prometheus takes every rule', async (t) => {
  t.match(await promtool('check', 'rules', '--lint=all', '--lint-fatal', ...ruleFiles), 'SUCCESS')
})

t.test('every alert fires when it should, and only then', async (t) => {
  t.match(await promtool('test', 'rules', ...alertTestFiles), 'SUCCESS')
})

t.test('every alert has a test in which it fires, and one in which it does not', async (t) => {
  t.ok(alerts.length >= 20)
  for (const { alert } of alerts) {
    const own = alertTests.filter(({ alertname }) => alertname === alert)
    t.ok(
      own.some((test) => test.exp_alerts.length > 0),
      `${alert} fires`,
    )
    t.ok(
      own.some((test) => test.exp_alerts.length === 0),
      `${alert} does not fire`,
    )
  }
  const names = new Set(alerts.map(({ alert }) => alert))
  t.equal(names.size, alerts.length, 'a name is one alert')
  t.same(
    alertTests.filter(({ alertname }) => !names.has(alertname)),
    [],
    'every test is of an alert that exists',
  )
})

t.test('every alert says what is wrong, how urgent it is, whose it is and what to do', async (t) => {
  const index = readFileSync(join(root, 'docs/runbooks/README.md'), 'utf8')
  for (const { alert, labels, annotations } of alerts) {
    t.match(
      labels,
      { severity: /^(critical|warning|info)$/, team: /^(api|database|deployment|infrastructure)$/ },
      alert,
    )
    t.match(
      annotations,
      { summary: /./, description: /./, runbook_url: `${base}${runbookName(alert)}.md` },
      alert,
    )
    t.match(index, `[${alert}](${runbookName(alert)}.md)`, `the index has ${alert}`)
  }
})

t.test('every alert has its runbook, and every runbook its alert', async (t) => {
  t.same(
    runbooks.map((file) => basename(file)).toSorted(),
    alerts.map(({ alert }) => `${runbookName(alert)}.md`).toSorted(),
  )
  for (const file of runbooks) {
    const text = readFileSync(file, 'utf8')
    const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading)
    const alert = alerts.find((one) => `${runbookName(one.alert)}.md` === basename(file))?.alert
    t.same(headings, [alert, 'How to look', 'What to do', 'When to escalate'], basename(file))
  }
})

t.test('every metric and label that a rule names is one of the services or of an exporter', async (t) => {
  for (const { alert, record, expr } of rules) t.same(unknownIn(expr), [], alert ?? record ?? '')
})

t.test('no rule names a bound that another version of Prometheus writes in another way', async (t) => {
  for (const { alert, record, expr } of rules)
    t.notMatch(expr, /le\s*=~?\s*"\d+(\.0+)?"/, alert ?? record ?? '')
})

t.test('a bound that a rule names is one of the histogram of durations', async (t) => {
  const bounds = rules.flatMap(({ expr }) =>
    [...expr.matchAll(/http_request_duration_seconds_bucket\{[^}]*\ble="([\d.]+)"/g)].map(([, le]) =>
      Number(le),
    ),
  )
  t.ok(bounds.length > 0)
  for (const bound of bounds) t.ok(durationBuckets.includes(bound), `${bound}`)
})

t.test('what is recorded has its subject, its measure and its window as its name', async (t) => {
  t.ok(recorded.includes('api:requests:rate5m'))
  for (const name of recorded)
    t.match(name, /^(api|cache|db|node|orders|payments|service):[a-z_]+:[a-z0-9_]+$/)
})

t.test('the queries of runbooks are queries over metrics that exist', async (t) => {
  const queries = runbooks.flatMap((file) => {
    const blocks = readFileSync(file, 'utf8').matchAll(/^```promql\n([\s\S]*?)^```$/gm)
    return [...blocks].map(([, query = '']) => ({ file: basename(file), query }))
  })
  t.ok(queries.length >= alerts.length)
  for (const { file, query } of queries) t.same(unknownIn(query), [], `${file}: ${query}`)
  const asRules = queries.map(({ query }, index) => ({ record: `runbook:query:${index}`, expr: query }))
  const written = join(t.testdir({}), 'queries.yaml')
  writeFileSync(written, stringify({ groups: [{ name: 'runbooks', rules: asRules }] }))
  t.match(await promtool('check', 'rules', '--lint=none', written), 'SUCCESS')
})

t.test('the metrics of a query are found, and nothing else is taken for one', async (t) => {
  const named = (query: string) => metricsOfQuery(query).map(({ name }) => name)
  t.same(
    named('sum by (namespace, le) (rate(a_total{b="c_d", e=~"f|g"}[5m])) / on (h) group_left () i:j:k'),
    ['a_total', 'i:j:k'],
  )
  t.same(named('a offset 1w > bool 1e3 and b or 0 * c unless max_over_time(d[1h] offset 1w) == 2 # e'), [
    'a',
    'b',
    'c',
    'd',
  ])
  t.same(named('label_replace(absent(a), "b", "c", "", "")'), ['a'])
  t.same(metricsOfQuery('a{b="c", d!~"e.*", f!="g"}'), [{ name: 'a', matched: ['b', 'd', 'f'] }])
  t.same(unknownIn('http_requests_totals'), ['http_requests_totals'])
  t.same(unknownIn('http_requests_total{status="200"}'), ['http_requests_total{status}'])
})
