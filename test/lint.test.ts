import { spawnSync } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'

const root = join(import.meta.dirname, '..')

interface Case {
  file: string
  code: string
  /** What the linter must say about it; null for nothing. */
  rule: string | null
}

const imports = 'eslint(no-restricted-imports)'
const cases: Case[] = [
  { file: 'services/orders/src/a.ts', code: `import '@comanda/worker'`, rule: imports },
  { file: 'services/orders/src/b.ts', code: `import '../../worker/src/app.ts'`, rule: imports },
  { file: 'services/orders/test/c.ts', code: `export type { X } from '@comanda/worker/x'`, rule: imports },
  { file: 'libs/events/src/a.ts', code: `import '@comanda/orders'`, rule: imports },
  { file: 'libs/events/src/b.ts', code: `import '../../../services/orders/src/app.ts'`, rule: imports },
  { file: 'libs/events/src/c.ts', code: `import '@comanda/database/src/pool.ts'`, rule: imports },
  { file: 'libs/events/src/d.ts', code: `import '../../database/src/pool.ts'`, rule: imports },
  { file: 'services/orders/src/x/x.repository.ts', code: `import './x.service.ts'`, rule: imports },
  { file: 'services/orders/src/y/y.repository.ts', code: `import '../x/x.routes.ts'`, rule: imports },
  { file: 'services/orders/src/z/z.repository.ts', code: `import '@comanda/worker'`, rule: imports },
  { file: 'services/orders/src/x/x.service.ts', code: `import '#src/x/x.routes.ts'`, rule: imports },
  {
    file: 'services/orders/src/x/x.routes.ts',
    code: `import { sql } from 'kysely'\n\nexport { sql as now }`,
    rule: imports,
  },
  { file: 'services/orders/src/d.ts', code: 'export const env = process.env', rule: 'node(no-process-env)' },
  { file: 'services/orders/src/e.ts', code: `console.log('x')`, rule: 'eslint(no-console)' },
  {
    file: 'services/orders/src/f.ts',
    code: 'export const f = (x: any) => void x',
    rule: 'typescript(no-explicit-any)',
  },
  { file: 'services/orders/src/g.ts', code: 'fetch(String(1))', rule: 'typescript(no-floating-promises)' },
  { file: 'services/orders/src/BadName.ts', code: 'export const g = 1', rule: 'unicorn(filename-case)' },

  { file: 'services/orders/src/config.ts', code: 'export const env = process.env', rule: null },
  { file: 'services/orders/src/w/w.routes.ts', code: `import './w.service.ts'`, rule: null },
  { file: 'services/orders/src/w/w.service.ts', code: `import '#src/w/w.repository.ts'`, rule: null },
  { file: 'services/orders/src/w/w.repository.ts', code: `import '@comanda/database'`, rule: null },
  { file: 'services/orders/test/w.test.ts', code: `import '@comanda/service/testing'`, rule: null },
]

/** Lints all cases, written to a directory of their own, with the repository's configuration. The rules that fired, by file. */
async function lint(): Promise<Map<string, string[]>> {
  // Not below this repository, whose .gitignore hides every place for temporary files from the linter.
  const directory = await mkdtemp(join(tmpdir(), 'comanda-lint-'))
  t.teardown(() => rm(directory, { recursive: true }))
  const tsconfig = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { typeRoots: [join(root, 'node_modules/@types')] },
    include: ['services', 'libs'],
  }
  await writeFile(join(directory, 'tsconfig.json'), JSON.stringify(tsconfig))
  await copyFile(join(root, '.oxlintrc.json'), join(directory, '.oxlintrc.json'))
  for (const { file, code } of cases) {
    await mkdir(join(directory, dirname(file)), { recursive: true })
    await writeFile(join(directory, file), `${code}\n`)
  }
  // tap puts its loaders into the NODE_OPTIONS of every process that is started; oxlint does not run with them.
  const program = ['-u', 'NODE_OPTIONS', join(root, 'node_modules/.bin/oxlint')]
  const oxlint = spawnSync('env', [...program, '--type-aware', '--format=json'], {
    cwd: directory,
    env: { ...process.env, OXLINT_TSGOLINT_PATH: join(root, 'node_modules/.bin/tsgolint') },
    encoding: 'utf8',
    timeout: 30_000,
  })
  const { diagnostics } = JSON.parse(oxlint.stdout) as { diagnostics: { filename: string; code: string }[] }
  const files = Map.groupBy(diagnostics, (diagnostic) => diagnostic.filename)
  return new Map([...files].map(([file, said]) => [file, said.map(({ code }) => code)]))
}

t.test('the linter catches what the design forbids, and nothing that it allows', async (t) => {
  const said = await lint()
  for (const { file, code, rule } of cases) {
    t.same(said.get(file) ?? [], rule === null ? [] : [rule], `${file}: ${code}`)
  }
})

t.test('the pattern that keeps services apart names every service', async (t) => {
  const config = await readFile(join(root, '.oxlintrc.json'), 'utf8')
  const named = /@comanda\/\(([^)]*)\)/.exec(config)?.[1]?.split('|') ?? []
  for (const service of await readdir(join(root, 'services'))) {
    t.ok(named.includes(service), `${service} is in .oxlintrc.json`)
  }
})
