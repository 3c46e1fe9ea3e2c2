import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { parse, stringify } from 'yaml'
import { dashboardCheck } from '../../scripts/charts/dashboard-check.ts'
import { programOf } from '../../scripts/charts/go.ts'
import { monitoringTools } from '../../scripts/charts/versions.ts'
import { writeGrafanaProvisioning } from '../../scripts/observe/grafana-provisioning.ts'
import { development, render, root } from './chart.ts'
import {
  dashboardFiles,
  dashboards,
  fillVariables,
  legendOf,
  type Panel,
  panelsOf,
  parseLabelValues,
} from './dashboards/read-dashboards.ts'
import { unknownIn } from './rules/known-metrics.ts'

const run = promisify(execFile)
const names = ['business', 'database', 'deployment', 'infrastructure', 'operational']
const anyValue = { namespace: 'comanda', service: '(orders|worker)', __rate_interval: '1m' }

/** What the SDK finds wrong with a dashboard. */
async function problemsOf(files: readonly string[]): Promise<string> {
  try {
    return (await run(dashboardCheck, files)).stdout
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string }
    return `${stdout}${stderr}` || message
  }
}

t.test('there is a dashboard for each of the five', async (t) => {
  t.same([...dashboards.keys()], names)
  t.same(
    [...dashboards.values()].map(({ uid }) => uid),
    names.map((name) => `comanda-${name}`),
  )
})

t.test('Grafana’s own SDK knows every field of them', async (t) => {
  t.equal(await problemsOf(dashboardFiles), '')
})

t.test('a field that nothing knows, a wrong type and a wrong key of a query are found', async (t) => {
  const [file = ''] = dashboardFiles
  const faults: [name: string, breakPanel: (panel: any) => void][] = [
    ['field', (panel) => (panel.titel = 'Orders')],
    ['type', (panel) => (panel.gridPos.w = 'wide')],
    ['option', (panel) => (panel.options.legende = {})],
    ['key of a query', (panel) => (panel.targets[0].exprr = 'up')],
  ]
  for (const [name, breakPanel] of faults) {
    const copy = JSON.parse(readFileSync(file, 'utf8')) as { panels: Panel[] }
    breakPanel(copy.panels.find(({ type }) => type === 'timeseries'))
    const written = join(t.testdir({}), 'broken.json')
    writeFileSync(written, JSON.stringify(copy))
    t.match(await problemsOf([written]), /broken\.json: .*(unexpected|cannot unmarshal)/s, name)
  }
})

t.test(
  'every metric and label that a panel or a variable names is one of the services or of an exporter',
  async (t) => {
    for (const [name, dashboard] of dashboards) {
      for (const { title, targets = [] } of panelsOf(dashboard))
        for (const { expr } of targets) t.same(unknownIn(expr), [], `${name}: ${title}`)
      for (const { type, query } of dashboard.templating.list)
        if (type === 'query') t.same(unknownIn(parseLabelValues(query).series), [], `${name}: ${query}`)
    }
  },
)

t.test('Prometheus can read every query', async (t) => {
  const rules = [...dashboards].flatMap(([name, dashboard]) =>
    panelsOf(dashboard).flatMap(({ id, targets = [] }) =>
      targets.map(({ refId, expr }) => ({
        record: `panel:${name}:${id}_${refId}`,
        expr: fillVariables(expr, anyValue),
      })),
    ),
  )
  t.ok(rules.length >= 90, `${rules.length} queries`)
  const file = join(t.testdir({}), 'queries.yaml')
  writeFileSync(file, stringify({ groups: [{ name: 'panels', rules }] }))
  const { stdout } = await run(programOf(monitoringTools.promtool), ['check', 'rules', '--lint=none', file])
  t.match(stdout, 'SUCCESS')
})

t.test('every panel says what it shows and in which unit, and has a query with a legend', async (t) => {
  for (const [name, dashboard] of dashboards) {
    const panels = panelsOf(dashboard)
    t.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length, `${name}: ids`)
    t.equal(new Set(panels.map(({ title }) => title)).size, panels.length, `${name}: titles`)
    for (const { title, description = '', targets = [], fieldConfig } of panels) {
      t.match(description, /^\S.{20,}\.$/, `${name}: ${title}`)
      t.ok(fieldConfig?.defaults.unit, `${name}: ${title} has a unit`)
      t.ok(targets.length > 0, `${name}: ${title} has a query`)
      for (const { legendFormat, datasource } of targets) {
        t.match(legendFormat, /\S/, `${name}: ${title}`)
        t.same(datasource, { type: 'prometheus', uid: '${datasource}' }, `${name}: ${title}`)
      }
    }
  }
})

t.test('panels are beside and below one another, and none covers another', async (t) => {
  for (const [name, { panels }] of dashboards) {
    const taken = new Set<string>()
    for (const { title, gridPos } of panels) {
      t.ok(gridPos.x + gridPos.w <= 24, `${name}: ${title} fits`)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          const cell = `${x} ${y}`
          if (taken.has(cell)) t.fail(`${name}: ${title} covers another panel at ${cell}`)
          taken.add(cell)
        }
    }
  }
})

t.test('a choice of the installation is on all of them, and nothing else is asked for', async (t) => {
  for (const [name, { templating, ...rest }] of dashboards) {
    const variables = templating.list.map((variable) => variable.name)
    t.same(variables.slice(0, 2), ['datasource', 'namespace'], name)
    const named = [...JSON.stringify(rest).matchAll(/\$\{?(\w+)/g)].map(([, variable = '']) => variable)
    t.same(
      [...new Set(named)].filter((variable) => !variable.startsWith('__')).toSorted(),
      variables.toSorted(),
      `${name} uses what it asks for`,
    )
  }
})

t.test(
  'the chart gives each to Grafana’s sidecar as it is, and compose provisions the same files',
  async (t) => {
    const objects = await render({ values: development })
    for (const file of dashboardFiles) {
      const { data, metadata } = objects.get('ConfigMap', `comanda-dashboard-${basename(file, '.json')}`)
      t.equal(data[basename(file)], readFileSync(file, 'utf8'), basename(file))
      t.equal(metadata.labels?.['grafana_dashboard'], '1')
    }
    const without = await render({ values: development, set: ['monitoring.enabled=false'] })
    t.same(
      without.ofKind('ConfigMap').filter(({ metadata }) => metadata.name.includes('dashboard')),
      [],
    )
    const { services } = parse(readFileSync(join(root, 'compose.yaml'), 'utf8'), { merge: true }) as {
      services: { grafana: { volumes: string[] } }
    }
    const { providers } = parse(readFileSync(join(root, 'compose/grafana/dashboards.yaml'), 'utf8')) as {
      providers: { options: { path: string } }[]
    }
    t.ok(
      services.grafana.volumes.includes(`./charts/comanda/dashboards:${providers[0]?.options.path}:ro`),
      'where the provider looks',
    )
  },
)

t.test('a Grafana beside `make observe` is given its Prometheus and the same files', async (t) => {
  const directory = t.testdir({})
  writeGrafanaProvisioning(directory, 'http://127.0.0.1:9490')
  const read = (kind: string): unknown => parse(readFileSync(join(directory, kind, 'comanda.yaml'), 'utf8'))
  t.match(read('datasources'), {
    apiVersion: 1,
    datasources: [{ type: 'prometheus', url: 'http://127.0.0.1:9490', isDefault: true }],
  })
  t.match(read('dashboards'), {
    apiVersion: 1,
    providers: [{ type: 'file', options: { path: join(root, 'charts/comanda/dashboards') } }],
  })
})

t.test('variables and legends become what Grafana makes of them', async (t) => {
  t.equal(fillVariables('a{b="$c"}[${d}]', { c: 'e', d: '5m' }), 'a{b="e"}[5m]')
  t.throws(() => fillVariables('a{b="$c"}', {}), /names the variable c/)
  t.equal(legendOf('{{a}} of {{ b }}', { a: 'one', b: 'two' }), 'one of two')
  t.equal(legendOf('{{a}} {{b}}', { a: 'one' }), 'one')
})
