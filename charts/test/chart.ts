import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseAllDocuments } from 'yaml'
import { programOf } from '../../scripts/charts/go.ts'
import { tools } from '../../scripts/charts/versions.ts'

const run = promisify(execFile)
export const root = join(import.meta.dirname, '../..')
export const chart = join(root, 'charts/comanda')

export interface KubernetesObject {
  apiVersion: string
  kind: string
  metadata: {
    name: string
    namespace?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
    /** From a server only. */
    resourceVersion?: string
    generation?: number
    deletionTimestamp?: string
    managedFields?: { manager: string; fieldsV1?: any }[]
  }
  [field: string]: any
}

/** Kinds that a cluster with every operator has beyond Kubernetes' own. */
export const everyOperator = [
  'argoproj.io/v1alpha1/Rollout',
  'keda.sh/v1alpha1/ScaledObject',
  'gateway.networking.k8s.io/v1/HTTPRoute',
  'external-secrets.io/v1/ExternalSecret',
  'monitoring.coreos.com/v1/ServiceMonitor',
]

export interface RenderOptions {
  /** Files below charts: presets and cases, later ones win. */
  values: string[]
  /** Values given as `--set` takes them. */
  set?: string[]
  apiVersions?: string[]
  kubernetes?: string
  chart?: string
}

/** What `helm template` prints. @throws with what it says when it refuses */
export async function renderText(options: RenderOptions): Promise<string> {
  const { values, set = [], apiVersions = everyOperator, kubernetes = '1.34.4' } = options
  const args = ['template', 'comanda', options.chart ?? chart, '--namespace=comanda']
  for (const file of values) args.push(`--values=${join(root, 'charts', file)}`)
  for (const value of set) args.push(`--set=${value}`)
  for (const kind of apiVersions) args.push(`--api-versions=${kind}`)
  args.push(`--kube-version=${kubernetes}`)
  try {
    return (await run(programOf(tools.helm), args, { maxBuffer: 50_000_000 })).stdout
  } catch (error) {
    throw new Error((error as { stderr: string }).stderr, { cause: error })
  }
}

/** What is committed as a render: the text, in which a dashboard is the path of its file instead of ten thousand words. */
export async function renderForReview(options: RenderOptions): Promise<string> {
  const text = await renderText(options)
  return text.replaceAll(/^ {2}([\w-]+\.json): "\{\\n.*"$/gm, '  $1: (charts/comanda/dashboards/$1)')
}

export async function render(options: RenderOptions): Promise<Objects> {
  return objectsIn(await renderText(options))
}

/** @throws when a document is not valid YAML, has a key twice, or is no object of Kubernetes */
export function objectsIn(text: string): Objects {
  const objects: KubernetesObject[] = []
  for (const document of parseAllDocuments(text)) {
    const [error] = document.errors
    if (error) throw error
    if (document.contents === null) continue
    objects.push(document.toJS() as KubernetesObject)
  }
  return new Objects(objects)
}

export class Objects {
  readonly all: readonly KubernetesObject[]

  constructor(all: readonly KubernetesObject[]) {
    this.all = all
  }

  /** @throws unless there is exactly one of that kind and name */
  get(kind: string, name: string): KubernetesObject {
    const found = this.all.filter((object) => object.kind === kind && object.metadata.name === name)
    if (found[0] === undefined || found.length > 1)
      throw new Error(`there are ${found.length} ${kind} ${name}`)
    return found[0]
  }

  ofKind(...kinds: string[]): KubernetesObject[] {
    return this.all.filter(({ kind }) => kinds.includes(kind))
  }

  /** Deployments and Rollouts. */
  get workloads(): KubernetesObject[] {
    return this.ofKind('Deployment', 'Rollout')
  }
}

export const development = ['comanda/values-dev.yaml']
export const production = ['comanda/values-production.yaml', 'test/cases/digests.yaml']
