import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { dashboards } from '../charts/dashboards/all.ts'

// Writes charts/comanda/dashboards from charts/dashboards; with --check it only fails when that would change them.
const directory = join(import.meta.dirname, '../charts/comanda/dashboards')
const isCheck = process.argv.includes('--check')
const present = readdirSync(directory).filter((file) => file.endsWith('.json'))
const different: string[] = []

for (const [name, dashboard] of Object.entries(dashboards)) {
  const file = `${name}.json`
  const text = `${JSON.stringify(dashboard, null, 2)}\n`
  if (present.includes(file) && readFileSync(join(directory, file), 'utf8') === text) continue
  different.push(file)
  if (!isCheck) writeFileSync(join(directory, file), text)
}
for (const file of present) {
  if (basename(file, '.json') in dashboards) continue
  different.push(file)
  if (!isCheck) rmSync(join(directory, file))
}

if (!isCheck) console.log(`wrote ${different.length === 0 ? 'nothing new' : different.join(', ')}`)
else if (different.length > 0) {
  console.log(
    `charts/comanda/dashboards is not what charts/dashboards makes (${different.join(', ')}): run \`make dashboards\` and commit it.`,
  )
  process.exitCode = 1
}
