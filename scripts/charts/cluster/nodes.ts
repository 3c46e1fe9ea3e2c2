import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { moduleDirectory } from '../go.ts'
import { clusterModules } from '../versions.ts'
import { clusterProgram } from './programs.ts'

/** The digest of an image that no registry has: its pods never become ready. */
export const unpullable = `sha256:${'bad0'.repeat(16)}`
/** The digest of an image whose jobs fail. */
export const failing = `sha256:${'fa11'.repeat(16)}`

interface Stage {
  metadata: { name: string }
  spec: { selector: { matchExpressions: Expression[] }; delay?: object; next: { statusTemplate: string } }
}

interface Expression {
  key: string
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
  values?: string[]
}

const image = '.spec.containers.[].image | sub(".*@"; "")'

/** What kwok does to nodes and pods, as its configuration: its own stages, but for the images above and `helm test`. */
export async function stages(): Promise<string> {
  const module = await moduleDirectory(clusterModules.kwok)
  const stage = (path: string, change: (stage: Stage) => void = () => {}): string => {
    const read = parse(readFileSync(join(module, 'kustomize/stage', path), 'utf8')) as Stage
    change(read)
    return stringify(read)
  }
  const where = (stage: Stage, expression: Expression) =>
    stage.spec.selector.matchExpressions.push(expression)
  return [
    stage('node/fast/node-initialize.yaml'),
    stage('pod/fast/pod-delete.yaml'),
    stage('pod/fast/pod-ready.yaml', (ready) => {
      where(ready, { key: image, operator: 'NotIn', values: [unpullable] })
      // Long enough that an update passes through every state it has.
      ready.spec.delay = { durationMilliseconds: 500, jitterDurationMilliseconds: 1000 }
    }),
    stage('pod/fast/pod-complete.yaml', (complete) => {
      where(complete, { key: image, operator: 'NotIn', values: [failing] })
    }),
    stage('pod/fast/pod-complete.yaml', (complete) => {
      complete.metadata.name = 'test-complete'
      complete.spec.selector.matchExpressions.pop()
      where(complete, { key: '.metadata.annotations["helm.sh/hook"]', operator: 'In', values: ['test'] })
      where(complete, { key: image, operator: 'NotIn', values: [failing] })
    }),
    stage('pod/fast/pod-complete.yaml', (fail) => {
      fail.metadata.name = 'pod-fail'
      fail.spec.selector.matchExpressions.pop()
      where(fail, { key: image, operator: 'In', values: [failing] })
      fail.spec.next.statusTemplate = fail.spec.next.statusTemplate
        .replace('exitCode: 0', 'exitCode: 1')
        .replace('reason: Completed', 'reason: Error')
        .replace('phase: Succeeded', 'phase: Failed')
    }),
  ].join('---\n')
}

const zones = ['a', 'b', 'c']

/** Two nodes in each of three zones, large enough for a few fleets. */
export function makeNodes(kubeconfig: string): void {
  const nodes = [...zones, ...zones].map((zone, number) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: `node-${number + 1}`,
      labels: { 'topology.kubernetes.io/zone': zone, 'kubernetes.io/hostname': `node-${number + 1}` },
    },
    status: { allocatable: { cpu: '64', memory: '128Gi', pods: '250' } },
  }))
  const kubectl = (args: string[], input = '') =>
    execFileSync(clusterProgram('kubectl'), [`--kubeconfig=${kubeconfig}`, ...args], {
      input,
      stdio: ['pipe', 'ignore', 'inherit'],
    })
  kubectl(['create', '--filename=-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: nodes }))
  kubectl(['wait', '--for=condition=Ready', 'node', '--all', '--timeout=60s'])
}
