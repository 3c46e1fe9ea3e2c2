import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Findings, findingsFile } from '../charts/test/dashboards/findings.ts'
import { dashboards } from '../charts/test/dashboards/read-dashboards.ts'
import { drawDashboard } from './dashboard-pictures/draw-dashboard.ts'

// Draws docs/dashboards from what the last `make test-dashboards` found.
const directory = join(import.meta.dirname, '../docs/dashboards')
mkdirSync(directory, { recursive: true })
for (const [name, dashboard] of dashboards) {
  const file = findingsFile(name)
  if (!existsSync(file)) {
    console.error('Nothing was found yet that could be drawn: run `make test-dashboards` first.')
    process.exit(1)
  }
  const findings = JSON.parse(readFileSync(file, 'utf8')) as Findings
  const svg = drawDashboard(dashboard, findings)
  writeFileSync(join(directory, `${name}.svg`), svg)
  console.log(`docs/dashboards/${name}.svg, ${Math.round(svg.length / 1024)} kB`)
}
