import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '..')
// What is generated of the client is its generator's to name and to comment.
const files = trackedFiles().filter((file) => !file.startsWith('libs/client/src/rest/generated/'))
const read = (file: string) => readFile(join(root, file), 'utf8')

/** The files that git tracks, and those that `git add` would add. */
function trackedFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  })
  return listed.split('\0').filter((file) => file !== '' && existsSync(join(root, file)))
}

interface Manifest {
  name: string
  private?: boolean
  license?: string
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

const exact = /^\d+\.\d+\.\d+(-[\w.]+)?$/

t.test('every dependency has one exact version, that of the catalog', async (t) => {
  const workspace = parse(await read('pnpm-workspace.yaml')) as {
    catalog: Record<string, string>
    /** For the few that need another version than everybody else. */
    catalogs: Record<string, Record<string, string>>
  }
  const catalogs: Record<string, Record<string, string>> = { '': workspace.catalog, ...workspace.catalogs }
  for (const entries of Object.values(catalogs)) {
    for (const [name, version] of Object.entries(entries)) t.match(version, exact, `${name} in the catalog`)
  }
  for (const file of files.filter((name) => /(^|\/)package\.json$/.test(name))) {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(await read(file)) as Manifest
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      const catalog = /^catalog:(.*)$/.exec(version)?.[1]
      const fromCatalog = catalog !== undefined && catalogs[catalog]?.[name] !== undefined
      t.ok(fromCatalog || version === 'workspace:*', `${name} in ${file}: ${version}`)
    }
    for (const [name, version] of Object.entries(optionalDependencies ?? {})) {
      t.match(version, exact, `${name} in ${file}`)
    }
  }
})

t.test('what runs in production is among the dependencies of its package', async (t) => {
  for (const file of files.filter((name) => /^(services|libs)\/[^/]+\/package\.json$/.test(name))) {
    const directory = file.replace('package.json', 'src/')
    const { name, dependencies = {}, optionalDependencies = {} } = JSON.parse(await read(file)) as Manifest
    const allowed = new Set([name, ...Object.keys(dependencies), ...Object.keys(optionalDependencies)])
    for (const source of files.filter((path) => path.startsWith(directory) && path.endsWith('.ts'))) {
      for (const imported of packagesOf(await read(source))) {
        if (!allowed.has(imported)) t.fail(`${source} imports ${imported}, which ${file} does not name`)
      }
    }
  }
  t.pass('all were read')
})

/** The packages that are imported for their values; types are gone when the code runs. */
function packagesOf(source: string): string[] {
  const statements = source.matchAll(
    /^(?:import|export)(?! type)[^;]*? from '([^'.#][^']*)'|\bimport\('([^'.#][^']*)'\)/gm,
  )
  return [...statements]
    .map(([, named, dynamic]) => named ?? dynamic ?? '')
    .filter((specifier) => !specifier.startsWith('node:'))
    .map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier)
}

t.test('nothing is called utils, helpers, common or misc', async (t) => {
  const vague = files.filter((file) => /(^|\/)(utils?|helpers?|common|misc|shared)(\/|\.)/i.test(file))
  t.same(vague, [])
})

t.test('nothing is left to be done later', async (t) => {
  const found = await filesMatching(
    /\.(ts|sql|sh|yaml|yml|md|toml)$|Makefile$/,
    /(\/\/|--|\*|<!--|^[ \t]*#)[ \t]*(TODO|FIXME)\b/m,
  )
  t.same(found, [])
})

/** All but other people's CRDs. */
const ours = /^(services|libs|scripts|load-tests|charts)\/(?!test\/crds\/)/

t.test('nothing refers to the number of a requirement, which the repository does not have', async (t) => {
  const numbered = /\b(PLAT|ACC|CAT|SLOT|ORD|PAY|NOTE|RT|CACHE|DB|SEC|OBS|ANA|WEB|IMG|K8S|OPS|LOAD)-\d+\b/
  t.same(await filesMatching(ours, numbered), [])
})

t.test('no comment and no description begins with an "Of" whose subject is somewhere else', async (t) => {
  const dangling = /(\/\/|\/\*\*?(\s*\n\s*\*)?|--|#)[ \t]+Of\b|(description: |Names\()['"`]Of\b/
  t.match('/** Of the cafeteria. */', dangling)
  t.match("description: 'Of the cafeteria'", dangling)
  t.same(await filesMatching(ours, dangling), [])
})

t.test('every test runs', async (t) => {
  const found = await filesMatching(
    /(^|\/)test\/.*\.ts$/,
    /\bt\.(only|skip|todo)\(|\{[^}]*\b(only|skip|todo): (true|'|")/,
  )
  t.same(found, [])
})

t.test('services and libraries are private and licensed', async (t) => {
  for (const file of files.filter((name) => /^(services|libs)\/[^/]+\/package\.json$/.test(name))) {
    const manifest = JSON.parse(await read(file)) as Manifest
    t.match(manifest, { name: `@comanda/${file.split('/')[1]}`, private: true, license: 'Apache-2.0' }, file)
  }
})

t.test('every make command that a document names is a target', async (t) => {
  const targets = new Set([...(await read('Makefile')).matchAll(/^([a-z0-9-]+):/gm)].map(([, name]) => name))
  t.ok(targets.has('up'), 'targets are found')
  for (const file of files.filter((name) => name.endsWith('.md'))) {
    const commands = (await read(file)).matchAll(/(?:^|`|\n)(?:\$ )?(?:[A-Z_]+=\S+ )*make ([a-z][a-z0-9-]*)/g)
    for (const [command, target] of commands) t.ok(targets.has(target), `${file}: ${command.trim()}`)
  }
})

async function filesMatching(names: RegExp, content: RegExp): Promise<string[]> {
  const found: string[] = []
  for (const file of files.filter((name) => names.test(name))) {
    if (content.test(await read(file))) found.push(file)
  }
  return found
}
