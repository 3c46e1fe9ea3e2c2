import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { serviceRuntime } from '../libs/local-stack/src/fleet/runtime.ts'
import { findServices } from '../libs/local-stack/src/fleet/services.ts'
import { imageTargets, readStages } from '../scripts/images/dockerfile.ts'

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const stages = new Map(readStages().map((stage) => [stage.name, stage]))
const services = findServices({}).filter(({ directory }) => directory.startsWith(join(root, 'services')))
const values = parse(read('charts/comanda/values.yaml'))

t.test('there is an image for every service, which starts it, and one of tools', async (t) => {
  t.same(imageTargets().toSorted(), [...services.map(({ name }) => name), 'tools'].toSorted())
  for (const { name, port } of services) {
    t.match(
      stages.get(name),
      { from: 'runtime', command: [`services/${name}/dist/server.mjs`], ports: [port, port + 100] },
      name,
    )
  }
})

t.test('the images of production run as a user that is not root, without a shell in between', async (t) => {
  for (const name of imageTargets())
    t.match(stages.get(name), { user: '10001:10001', entrypoint: ['/usr/local/bin/node'] }, name)
})

t.test('Node gets the same options in an image as on a laptop', async (t) => {
  for (const name of [...imageTargets(), 'development']) {
    const { NODE_ENV, PATH, ...runtime } = stages.get(name)?.environment ?? {}
    t.equal(NODE_ENV, name === 'development' ? 'development' : 'production', name)
    for (const [variable, value] of Object.entries(serviceRuntime))
      t.equal(runtime[variable], value, `${name}: ${variable}`)
    t.same(
      Object.keys(runtime).filter((variable) => !(variable in serviceRuntime) && !forTools.has(variable)),
      [],
      `${name}: nothing else`,
    )
  }
})
// What the installer and tar read.
const forTools = new Set(['CI', 'SOURCE_DATE_EPOCH', 'TAR_OPTIONS'])

t.test('the chart starts what the images have, as the user that they have', async (t) => {
  const { user, group } = values.securityContext
  const bundled = new Set(
    findServices({}).map(({ directory }) => join(relative(root, directory), 'dist/server.mjs')),
  )
  for (const [name, component] of Object.entries<any>(values.components)) {
    const stage = stages.get(component.image?.name || name)
    t.ok(stage, `${name} has an image`)
    t.equal(`${user}:${group}`, stage?.user)
    for (const file of component.args ?? []) t.ok(bundled.has(file), `${name} starts ${file}`)
    if (!component.args) t.equal(component.port, stage?.ports[0], `${name} listens where the chart says`)
  }
  t.same(values.migrations.args, stages.get(values.tools.image.name)?.command)
  t.ok(existsSync(join(root, values.seed.args[0])))
})

t.test('images are built with the pnpm that everything else is', async (t) => {
  const pnpm = (text: string, pattern: RegExp) => pattern.exec(text)?.[1]
  const wanted = pnpm(read('scripts/setup.sh'), /^pnpm_version=(.+)$/m)
  t.ok(wanted)
  t.equal(pnpm(read('Dockerfile'), /^ARG PNPM_VERSION=(.+)$/m), wanted)
})

t.test(
  'the context of a build has the manifest of every package that an image is installed from',
  async (t) => {
    const ignored = read('.dockerignore').split('\n')
    t.ok(ignored.includes('*'), 'nothing is in it unasked')
    for (const file of ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'])
      t.ok(ignored.includes(`!${file}`), file)
    const left = globSync('{services,libs}/*/package.json', { cwd: root }).filter((file) =>
      ignored.includes(file.replace('/package.json', '')),
    )
    for (const file of left)
      t.notOk(inProduction(JSON.parse(read(file)).name), `nobody depends on what ${file} is of`)
  },
)

const inProduction = (name: string) =>
  globSync('{services,libs}/*/package.json', { cwd: root }).some(
    (file) => JSON.parse(read(file)).dependencies?.[name] !== undefined,
  )

t.test('stages take from those that they stand on', async (t) => {
  const [base, child] = readStages(
    'ARG X=1\nFROM a/b:1 AS base\n# a comment\nENV A=1 \\\n  # another\n    B="2 of them"\nUSER 1:1\nFROM base AS child\nENV B=3\nEXPOSE 1 2\nCMD ["x"]\n',
  )
  t.match(base, { from: 'a/b:1', environment: { A: '1', B: '2 of them' }, command: [] })
  t.match(child, {
    from: 'base',
    environment: { A: '1', B: '3' },
    user: '1:1',
    ports: [1, 2],
    command: ['x'],
  })
})
