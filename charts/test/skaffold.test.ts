import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import t from 'tap'
import { parse, stringify } from 'yaml'
import { findServices } from '../../libs/local-stack/src/fleet/services.ts'
import { readStages } from '../../scripts/images/dockerfile.ts'
import { type Objects, render, root } from './chart.ts'

interface SkaffoldPart {
  build: { artifacts: { image: string; docker: { target: string } }[] }
  deploy: { helm: { releases: Release[] } }
}
interface Release {
  valuesFiles: string[]
  setValueTemplates: Record<string, string>
  overrides?: object
}

const skaffold = parse(readFileSync(join(root, 'skaffold.yaml'), 'utf8'))
const profile = (name: string) => skaffold.profiles.find((one: any) => one.name === name)
const commands: Record<string, SkaffoldPart> = { run: skaffold, dev: { ...skaffold, ...profile('dev') } }
const stages = readStages()
const tag = 'of-this-build'

/** What Skaffold puts in place of `{{.IMAGE_TAG_…}}` and the like. @throws when it names no artifact */
function expand(template: string, { build }: SkaffoldPart): string {
  return template.replace(
    /\{\{\.IMAGE_(DOMAIN|REPO_NO_DOMAIN|TAG)_(\w+)\}\}/,
    (_, what: string, name: string) => {
      const found = build.artifacts.find(({ image }) => image.replaceAll(/[./:-]/g, '_') === name)
      if (found === undefined) throw new Error(`${template} names no artifact`)
      const [domain = '', ...path] = found.image.split('/')
      return { DOMAIN: domain, REPO_NO_DOMAIN: path.join('/'), TAG: tag }[what] ?? ''
    },
  )
}

async function deployed(part: SkaffoldPart): Promise<Objects> {
  const [release] = part.deploy.helm.releases
  if (release === undefined) throw new Error('there is no release')
  const folder = mkdtempSync(join(tmpdir(), 'comanda-skaffold-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const overrides = join(folder, 'overrides.yaml')
  writeFileSync(overrides, stringify(release.overrides ?? {}))
  const files = [...release.valuesFiles.map((file) => join(root, file)), overrides]
  return render({
    values: files.map((file) => relative(join(root, 'charts'), file)),
    set: Object.entries(release.setValueTemplates).map(([key, value]) => `${key}=${expand(value, part)}`),
  })
}

for (const [command, part] of Object.entries(commands)) {
  t.test(`skaffold ${command} builds every image that it deploys, jobs included`, async (t) => {
    const objects = await deployed(part)
    const built = new Map(part.build.artifacts.map(({ image, docker }) => [`${image}:${tag}`, docker.target]))
    const pods = objects.all.filter(({ kind }) => ['Deployment', 'Job', 'Pod'].includes(kind))
    t.ok(pods.length >= 8, 'five services, two jobs and a test')
    for (const object of pods) {
      const { containers } = object.kind === 'Pod' ? object.spec : object.spec.template.spec
      const stage = stages.find(({ name }) => name === built.get(containers[0].image))
      t.ok(stage, `${object.metadata.name} runs ${containers[0].image}`)
      t.equal(containers[0].securityContext.readOnlyRootFilesystem, command === 'run')
    }
  })
}

/** What images start, and what it was made of. */
const sources = new Map(
  findServices({}).map(({ directory, entry }) => {
    const folder = relative(root, directory)
    return [join(folder, 'dist/server.mjs'), join(folder, entry)] as const
  }),
)

t.test('skaffold dev starts the sources of what the images start, under a Node that watches', async (t) => {
  const [run, dev] = [
    await deployed(commands['run'] as SkaffoldPart),
    await deployed(commands['dev'] as SkaffoldPart),
  ]
  for (const { metadata } of run.ofKind('Deployment')) {
    const container = (objects: Objects) =>
      objects.get('Deployment', metadata.name).spec.template.spec.containers[0]
    const stage = stages.find(({ name }) => metadata.name === `comanda-${name}`)
    const [file = ''] = container(run).args ?? stage?.command ?? []
    t.same(container(dev).args, ['--watch', sources.get(file)], metadata.name)
  }
})

t.test('what is forwarded is there', async (t) => {
  const objects = await deployed(commands['run'] as SkaffoldPart)
  for (const { resourceName, port } of skaffold.portForward)
    t.ok(
      objects.get('Service', resourceName).spec.ports.some((one: any) => one.port === port),
      resourceName,
    )
})
