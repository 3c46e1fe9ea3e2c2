import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { parse } from 'yaml'
import { clusterProgram } from '../../../scripts/charts/cluster/programs.ts'
import { programOf } from '../../../scripts/charts/go.ts'
import { tools } from '../../../scripts/charts/versions.ts'
import { chart, type KubernetesObject, root } from '../chart.ts'

interface Output {
  stdout: string
  stderr: string
}

/** @param input what it reads from its standard input, if it does. @throws with what it says when it fails */
async function run(program: string, args: string[], input?: string): Promise<Output> {
  const running = promisify(execFile)(program, args, { maxBuffer: 100_000_000 })
  if (input !== undefined) running.child.stdin?.end(input)
  try {
    return await running
  } catch (error) {
    throw new Error((error as Output).stderr, { cause: error })
  }
}

export class Namespace {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }

  kubectl(args: string[], input?: string): Promise<Output> {
    return run(clusterProgram('kubectl'), [`--namespace=${this.name}`, ...args], input)
  }

  helm(args: string[]): Promise<Output> {
    return run(programOf(tools.helm), [`--namespace=${this.name}`, ...args])
  }

  /** Options of `helm install` and `upgrade` that name the chart and files below charts. */
  release(files: string[], set: string[] = [], from = chart): string[] {
    return [
      'comanda',
      from,
      ...files.map((file) => `--values=${join(root, 'charts', file)}`),
      ...set.map((value) => `--set=${value}`),
    ]
  }

  async get(kind: string, name: string): Promise<KubernetesObject> {
    const { stdout } = await this.kubectl(['get', kind, name, '--output=json', '--show-managed-fields'])
    return JSON.parse(stdout) as KubernetesObject
  }

  async list(kind: string, selector = ''): Promise<KubernetesObject[]> {
    const { stdout } = await this.kubectl(['get', kind, `--selector=${selector}`, '--output=json'])
    return (JSON.parse(stdout) as { items: KubernetesObject[] }).items
  }

  /** Until autoscalers have made that many of every Deployment, which Kubernetes starts with one. */
  async settled(pods = 5): Promise<void> {
    const condition = `--for=jsonpath={.status.availableReplicas}=${pods}`
    await this.kubectl(['wait', condition, 'deployments', '--all', '--timeout=60s'])
  }

  /** Everything in it, but for what was done and what Kubernetes puts into every namespace. */
  async everything(): Promise<KubernetesObject[]> {
    const { stdout } = await this.kubectl(['api-resources', '--namespaced', '--verbs=list', '--output=name'])
    const kinds = stdout.split('\n').filter((kind) => kind !== '' && !/^(events|endpoints$)/.test(kind))
    const found = await this.list(kinds.join(','))
    return found.filter(({ metadata }) => !['kube-root-ca.crt', 'default'].includes(metadata.name))
  }
}

const secrets = {
  'comanda-db-app': { username: 'comanda', password: 'x' },
  'comanda-db-analytics': { username: 'comanda_analytics', password: 'x' },
  'comanda-db-orders': { username: 'comanda_orders', password: 'x' },
  'comanda-db-realtime': { username: 'comanda_realtime', password: 'x' },
  'comanda-db-worker': { username: 'comanda_worker', password: 'x' },
  'comanda-db-ca': { 'ca.crt': 'x' },
  'comanda-redis': { password: 'x' },
  'comanda-secrets': { ACCESS_TOKEN_SECRET: 'x'.repeat(40) },
  'comanda-smoke-test': { email: 'customer@comanda.test', password: 'x' },
}

/** A namespace as k8s/ makes it, under another name, with those Secrets. It ends with the test. */
export async function makeNamespace(t: Test, name: string): Promise<Namespace> {
  const namespace = new Namespace(name)
  const made = parse(readFileSync(join(root, 'k8s/namespace/namespace.yaml'), 'utf8')) as KubernetesObject
  made.metadata.name = name
  await namespace.kubectl(['create', '--filename=-'], JSON.stringify(made))
  t.teardown(() => namespace.kubectl(['delete', 'namespace', name, '--wait=false']))
  await makeSecrets(namespace)
  return namespace
}

/** The Secrets that the presets name. */
export async function makeSecrets(namespace: Namespace): Promise<void> {
  const items = Object.entries(secrets).map(([name, stringData]) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name },
    stringData,
  }))
  await namespace.kubectl(
    ['create', '--filename=-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  )
}
