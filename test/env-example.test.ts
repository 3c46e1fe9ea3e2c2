import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { variables } from '../libs/local-stack/src/variables.ts'
import { readConfigurations } from '../scripts/environment/configurations.ts'
import { envExample } from '../scripts/environment/env-example.ts'

const root = join(import.meta.dirname, '..')

t.test('.env.example is what the configuration schemas say', async (t) => {
  const committed = await readFile(join(root, '.env.example'), 'utf8')
  t.equal(
    committed,
    envExample(variables, await readConfigurations()),
    'run `make env-example` and commit it',
  )
})

t.test(
  'a variable is listed once with all its readers, and again where it means something else',
  async (t) => {
    const variable = (name: string, value: string | null) => ({
      name,
      default: value,
      description: 'Meaning',
      required: value === null,
      secret: false,
    })
    const text = envExample(
      [{ name: 'REPLICAS', default: '1', description: 'Standbys' }],
      [
        { service: 'orders', variables: [variable('DATABASE_URL', null), variable('PORT', '3001')] },
        { service: 'worker', variables: [variable('DATABASE_URL', null), variable('PORT', '3004')] },
      ],
    )
    t.match(text, '# Standbys.\n#REPLICAS=1\n')
    t.match(text, '## orders, worker\n\n# Meaning. Required; `make` sets it.\n#DATABASE_URL=\n')
    t.match(text, '## orders\n\n# Meaning.\n#PORT=3001\n')
    t.match(text, '## worker\n\n# Meaning.\n#PORT=3004\n')
  },
)

t.test('every variable that the stack, the seeds and the Makefile read is described', async (t) => {
  const configured = (await readConfigurations()).flatMap(({ variables }) => variables)
  const described = new Set([...variables, ...configured].map(({ name }) => name))
  // What the operating system and Node bring along, and what only the command line of make gives.
  for (const name of ['PATH', 'NODE_OPTIONS', 'FILES', 'ARGS']) described.add(name)

  const read = await variablesRead(['libs/local-stack/src', 'libs/seed/src', 'libs/database/src', 'scripts'])
  t.ok(read.size > 5, 'some are found')
  for (const [name, file] of read) t.ok(described.has(name), `${name}, read in ${file}`)
})

const reading = [
  // What is only set is read by the programs that are started.
  /\benv(?:\.|\[')([A-Z][A-Z_]+)\b(?!'\] = )/g,
  /\bwhole\(env, '([A-Z_]+)'/g,
  /\{([^{}]*)\} = (?:process\.)?env\b/g,
]

/** The names of environment variables in source files, each with a file that reads it. */
async function variablesRead(directories: string[]): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  for (const directory of directories) {
    const files = await readdir(join(root, directory), { recursive: true })
    for (const file of files.filter((name) => name.endsWith('.ts'))) {
      const text = await readFile(join(root, directory, file), 'utf8')
      for (const match of reading.flatMap((pattern) => [...text.matchAll(pattern)])) {
        for (const [name] of match[1]?.matchAll(/\b[A-Z][A-Z_]+\b/g) ?? [])
          names.set(name, join(directory, file))
      }
    }
  }
  const makefile = await readFile(join(root, 'Makefile'), 'utf8')
  for (const [, name = ''] of makefile.matchAll(/\$[({]([A-Z_]+)[)}]/g)) {
    if (!new RegExp(`^${name} [:?]?=`, 'm').test(makefile)) names.set(name, 'Makefile')
  }
  return names
}
