import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { chartTools, moduleDirectory } from './go.ts'
import { closed, type JsonSchema, selfContained } from './json-schema.ts'
import { crdModules, kubernetesVersions } from './versions.ts'

const ownCrds = join(import.meta.dirname, '../../charts/test/crds')
// Counted up when what is written below changes.
const edition = 1
const directory = join(chartTools, `schemas-${edition}`)

/** For kubeconform's `-schema-location`: the kinds of a Kubernetes version, and those of the CRDs. */
export const schemaLocations = (version: string) =>
  [version, 'crds'].map((folder) =>
    join(directory, folder, '{{.Group}}_{{.ResourceAPIVersion}}_{{.ResourceKind}}.json'),
  )

/** The files of the CRDs themselves. */
export async function crdFiles(): Promise<string[]> {
  const files = readdirSync(ownCrds).map((file) => join(ownCrds, file))
  for (const [module, paths] of Object.entries(crdModules)) {
    const found = await moduleDirectory(module)
    files.push(...paths.map((path) => join(found, path)))
  }
  return files
}

/** Writes the schemas that are not there yet, from the modules of Kubernetes and of the operators. */
export async function writeSchemas(): Promise<void> {
  for (const version of kubernetesVersions) {
    await once(version, async (folder) => writeKubernetes(version, folder))
  }
  const crds = `crds from ${JSON.stringify(crdModules)}`
  const stamp = join(directory, 'crds', 'stamp')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === crds) return
  rmSync(join(directory, 'crds'), { recursive: true, force: true })
  await once('crds', async (folder) => {
    for (const file of await crdFiles()) writeCrd(parse(readFileSync(file, 'utf8')) as Crd, folder)
    writeFileSync(join(folder, 'stamp'), crds)
  })
}

/** A folder that exists is complete. */
async function once(name: string, write: (folder: string) => Promise<void>): Promise<void> {
  const folder = join(directory, name)
  if (existsSync(folder)) return
  console.log(`  schemas of ${name === 'crds' ? 'the operators' : `Kubernetes ${name}`}`)
  const writing = `${folder}.writing`
  rmSync(writing, { recursive: true, force: true })
  mkdirSync(writing, { recursive: true })
  await write(writing)
  renameSync(writing, folder)
}

async function writeKubernetes(version: string, folder: string): Promise<void> {
  const module = await moduleDirectory(`k8s.io/kubernetes@v${version}`)
  const document = readFileSync(join(module, 'api/openapi-spec/swagger.json'), 'utf8')
  const { definitions } = JSON.parse(document) as { definitions: Record<string, JsonSchema> }
  for (const [name, definition] of Object.entries(definitions)) {
    const kinds = (definition['x-kubernetes-group-version-kind'] ?? []) as GroupVersionKind[]
    // A definition with several kinds belongs to the machinery, DeleteOptions for one, and nobody applies it.
    const [kind] = kinds
    if (kind === undefined || kinds.length > 1 || kind.kind.endsWith('List')) continue
    write(folder, kind, selfContained(name, definitions))
  }
}

interface GroupVersionKind {
  group: string
  version: string
  kind: string
}

interface Crd {
  spec: {
    group: string
    names: { kind: string }
    versions: { name: string; schema: { openAPIV3Schema: JsonSchema } }[]
  }
}

function writeCrd({ spec: { group, names, versions } }: Crd, folder: string): void {
  for (const { name, schema } of versions) {
    const closedSchema = closed(schema.openAPIV3Schema)
    // The server adds its own metadata to every CRD.
    const properties = { ...closedSchema.properties, metadata: { type: 'object' } }
    write(folder, { group, version: name, kind: names.kind }, { ...closedSchema, properties })
  }
}

function write(folder: string, { group, version, kind }: GroupVersionKind, schema: JsonSchema): void {
  // kubeconform takes the v1 of a core kind for its group.
  const file = `${group || version}_${version}_${kind.toLowerCase()}.json`
  writeFileSync(join(folder, file), JSON.stringify(schema))
}
