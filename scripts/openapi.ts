import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { servicePath, servicesWith } from './openapi/documents.ts'

// Writes services/*/openapi.json from the code; with --check it only says how they differ, and fails when they do.
const check = process.argv.includes('--check')

/** Paths and components in alphabetical order, so that moving code around changes nothing. */
function format(document: Record<string, unknown>): string {
  const { paths, components, ...rest } = document as {
    paths: object
    components: { schemas?: object } & Record<string, unknown>
  }
  const ordered = {
    ...rest,
    paths: sorted(paths),
    components: { ...components, schemas: sorted(components.schemas) },
  }
  return `${JSON.stringify(ordered, null, 2)}\n`
}

const sorted = (object: object = {}) =>
  Object.fromEntries(Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1)))

for (const service of servicesWith('src/openapi.ts')) {
  const module = (await import(servicePath(service, 'src/openapi.ts'))) as {
    openapi(): Promise<Record<string, unknown>>
  }
  const text = format(await module.openapi())
  const file = `services/${service}/openapi.json`
  if (!check) {
    await writeFile(servicePath(service, 'openapi.json'), text)
    console.log(`wrote ${file}`)
    continue
  }
  const args = ['-u', '-N', '--label', `${file} (committed)`, '--label', `${file} (the code)`]
  const diff = spawnSync('diff', [...args, servicePath(service, 'openapi.json'), '-'], {
    input: text,
    encoding: 'utf8',
  })
  if (diff.status === 0) continue
  console.log(`${diff.stdout.split('\n').slice(0, 60).join('\n')}${diff.stderr}`)
  console.log(`${file} is not what the code describes: run \`make openapi\` and commit it.`)
  process.exitCode = 1
}
