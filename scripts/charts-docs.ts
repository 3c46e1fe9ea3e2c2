import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cases } from '../charts/test/cases.ts'
import { renderForReview, root } from '../charts/test/chart.ts'
import { installCommand } from './charts/go.ts'
import { readValues, valuesPage } from './charts/values-page.ts'
import { tools } from './charts/versions.ts'

await installCommand(tools.helm)
const renders = join(root, 'charts/renders')
mkdirSync(renders, { recursive: true })
for (const [name, options] of Object.entries(cases)) {
  writeFileSync(join(renders, `${name}.yaml`), await renderForReview(options))
}
for (const file of readdirSync(renders)) {
  if (!(file.replace(/\.yaml$/, '') in cases)) rmSync(join(renders, file))
}
const schema = JSON.parse(readFileSync(join(root, 'charts/comanda/values.schema.json'), 'utf8')) as object
writeFileSync(join(root, 'docs/chart-values.md'), valuesPage(schema, readValues()))
