import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildProgram, chartTools } from './go.ts'
import { dashboardModule } from './versions.ts'

const source = join(import.meta.dirname, '../../charts/test/dashboards/strict/main.go')
const name = 'dashboard-check'
const [module = '', version = ''] = dashboardModule.split('@')
const edition = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 8)
const directory = join(chartTools, `${name}-${version}-${edition}`)

/** The program that reads dashboards strictly; its arguments are files. */
export const dashboardCheck = join(directory, name)

/** Builds it, once per version of the SDK and of its own source. */
export async function installDashboardCheck(): Promise<void> {
  if (existsSync(dashboardCheck)) return
  console.log(`  ${name} with ${dashboardModule} (go build)`)
  const building = `${directory}.building`
  rmSync(building, { recursive: true, force: true })
  mkdirSync(building, { recursive: true })
  copyFileSync(source, join(building, 'main.go'))
  writeFileSync(
    join(building, 'go.mod'),
    `module comanda/${name}\n\ngo 1.21\n\nrequire ${module} ${version}\n`,
  )
  await buildProgram({ module: building, name, path: '.', ldflags: '-s -w' })
  renameSync(building, directory)
}
