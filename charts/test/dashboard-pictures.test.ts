import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { drawDashboard } from '../../scripts/dashboard-pictures/draw-dashboard.ts'
import { fitLegends } from '../../scripts/dashboard-pictures/fit-legends.ts'
import { formatValue } from '../../scripts/dashboard-pictures/format-value.ts'
import { root } from './chart.ts'
import { type Dashboard, dashboards, panelsOf } from './dashboards/read-dashboards.ts'

const documents = join(root, 'docs')

t.test('docs/dashboards.md shows a picture of each dashboard, with all of its panels', async (t) => {
  const page = readFileSync(join(documents, 'dashboards.md'), 'utf8')
  const pictures = [...page.matchAll(/\]\(dashboards\/([\w-]+)\.svg\)/g)].map(([, name]) => name)
  t.same(pictures.toSorted(), [...dashboards.keys()].toSorted())
  for (const [name, dashboard] of dashboards) {
    const svg = readFileSync(join(documents, 'dashboards', `${name}.svg`), 'utf8')
    for (const { title } of panelsOf(dashboard))
      t.ok(svg.includes(`>${title}<`), `${name}: ${title}; see CONTRIBUTING.md for how to draw it again`)
  }
})

t.test('values are written with their unit', async (t) => {
  const written: [value: number, unit: string, text: string][] = [
    [0, 'short', '0'],
    [1234, 'short', '1.23k'],
    [999, 'reqps', '999 req/s'],
    [0.8205, 'percentunit', '82.1%'],
    [1_048_576, 'bytes', '1 MiB'],
    [-3_221_225_472, 'bytes', '-3 GiB'],
    [512, 'binBps', '512 B/s'],
    [0, 's', '0 s'],
    [0.000_25, 's', '250 µs'],
    [0.127, 's', '127 ms'],
    [54, 's', '54 s'],
    [300, 's', '5 min'],
    [10_800, 's', '3 h'],
  ]
  for (const [value, unit, text] of written) t.equal(formatValue(value, unit), text)
})

const series = (legend: string, ...values: number[]) => ({
  legend,
  points: values.map((value, index): [number, number] => [1000 + index * 5, value]),
})
const range = { start: 1000, end: 1010, step: 5 }
const gridPos = { x: 0, y: 0, w: 12, h: 8 }
const one: Dashboard = {
  uid: 'comanda-one',
  title: 'One & only',
  panels: [{ id: 1, type: 'timeseries', title: 'Orders', gridPos }],
  templating: { list: [] },
}

t.test('the largest series have legends where not all fit, in their order', async (t) => {
  const many = Array.from({ length: 40 }, (_, index) => series(`series ${index}`, index % 20))
  const { legends, height } = fitLegends(many, 300)
  t.same(
    legends,
    legends.toSorted((a, b) => Number(a.slice(7)) - Number(b.slice(7))),
  )
  t.ok(legends.includes('series 19') && legends.includes('series 39'))
  t.notOk(legends.includes('series 0'))
  t.equal(height, 51)
  const svg = drawDashboard(one, { range, shown: [{ panel: 'Orders', series: many }] })
  t.match(svg, '>and ')
})

t.test('a panel shows its series by name, and markup in a title is text', async (t) => {
  const svg = drawDashboard(one, { range, shown: [{ panel: 'Orders', series: [series('card', 1, 2, 3)] }] })
  t.match(svg, '>card<')
  t.match(svg, '>One &amp; only<')
})

t.test('a panel that was not asked for is not left out in silence', async (t) => {
  t.throws(() => drawDashboard(one, { range, shown: [] }), /"Orders".*make test-dashboards/)
})
