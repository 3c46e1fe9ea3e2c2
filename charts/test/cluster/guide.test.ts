import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { copyFile, symlink } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { startControlPlane } from '../../../scripts/charts/cluster/control-plane.ts'
import { clusterProgram } from '../../../scripts/charts/cluster/programs.ts'
import { programOf } from '../../../scripts/charts/go.ts'
import { tools } from '../../../scripts/charts/versions.ts'
import { objectsIn, root } from '../chart.ts'
import { buildK8s } from '../kustomize.ts'
import { makeSecrets, Namespace } from './cluster.ts'
import { isReady } from './watch.ts'

const guide = readFileSync(join(root, 'docs/kubernetes.md'), 'utf8')
const namespace = new Namespace('comanda')

// A cluster of its own: who drains a node takes everybody's pods.
const cluster = await startControlPlane('guide-cluster')
process.env['KUBECONFIG'] = cluster.kubeconfig
t.teardown(() => cluster.stop())

/** The commands of a section, each on its own. */
function commands(title: string): string[] {
  const section = guide.split(/^##+ /m).find((text) => text.startsWith(`${title}\n`)) ?? ''
  const blocks = [...section.matchAll(/^( *)```sh\n(.*?)^ *```$/gms)]
  if (blocks.length === 0) throw new Error(`no commands under ${title}`)
  return blocks.flatMap(([, indent = '', text = '']) => {
    const lines = text.replaceAll(new RegExp(`^${indent}`, 'gm'), '').trim()
    return lines.includes('<<') ? [lines] : lines.split('\n')
  })
}

/** Runs them as a person would, who has helm, kubectl and the file mine.yaml. */
async function follow(t: Test, title: string): Promise<void> {
  const home = t.testdir({})
  for (const folder of ['charts', 'k8s']) await symlink(join(root, folder), join(home, folder))
  await copyFile(join(root, 'charts/test/cases/digests.yaml'), join(home, 'mine.yaml'))
  const path = [dirname(clusterProgram('kubectl')), dirname(programOf(tools.helm)), process.env['PATH']]
  const options = { cwd: home, env: { ...process.env, PATH: path.join(delimiter) } }
  for (const command of commands(title)) {
    // Nothing runs in the pods of this cluster: no port answers, and no log is written.
    if (command.includes('port-forward')) continue
    await t.resolves(promisify(execFile)('sh', ['-c', command.replace(' --logs', '')], options), command)
  }
}

/** What an operator would say of its cluster. */
async function pretendPostgres(): Promise<void> {
  const conditions = [
    { type: 'Ready', status: 'True', reason: 'a', message: 'a', lastTransitionTime: new Date() },
  ]
  const patch = JSON.stringify({ status: { conditions } })
  await namespace.kubectl([
    'patch',
    'cluster/comanda-db',
    '--subresource=status',
    '--type=merge',
    `--patch=${patch}`,
  ])
}

/** A disk for every claim, as a cluster's storage class makes them. */
async function makeDisks(t: Test, count: number): Promise<void> {
  const items = Array.from({ length: count }, (_, number) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `disk-${number}` },
    spec: {
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: `/disks/${number}` },
    },
  }))
  await namespace.kubectl(
    ['create', '--filename=-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  )
  t.teardown(() =>
    namespace.kubectl(['delete', 'pv', ...items.map(({ metadata }) => metadata.name), '--wait=false']),
  )
}

/** Applied again, k8s/ changes nothing; and nothing of it was refused or warned of. */
async function applyAgain(t: Test, folder: string): Promise<void> {
  const built = await buildK8s(folder)
  const kinds = new Set(objectsIn(built).all.map(({ kind }) => kind))
  const versions = async () => {
    const found = await namespace.list([...kinds].filter((kind) => kind !== 'Namespace').join(','))
    return found.map(({ kind, metadata }) => [
      kind,
      metadata.name,
      metadata.generation ?? metadata.resourceVersion,
    ])
  }
  const before = await versions()
  t.ok(before.length >= kinds.size - 1)
  const { stderr } = await namespace.kubectl(['apply', '--server-side', '--filename=-'], built)
  t.equal(stderr, '')
  t.same(await versions(), before)
}

t.test('on a laptop', async (t) => {
  await makeDisks(t, 6)
  await follow(t, 'On a laptop')
  await namespace.kubectl(['rollout', 'status', 'statefulset/comanda-redis', '--timeout=60s'])
  const nodes = await namespace.list('pods', 'app=comanda-redis')
  t.equal(nodes.filter(isReady).length, 6)
  t.equal(new Set(nodes.map(({ spec }) => spec.nodeName)).size, 6, 'each on a node of its own')
  await namespace.kubectl([
    'wait',
    '--for=condition=Complete',
    'job/comanda-redis-create-cluster',
    '--timeout=30s',
  ])
  await applyAgain(t, 'development')
  await namespace.kubectl(['delete', 'namespace', 'comanda', '--timeout=60s'])
})

t.test('from the install in production to the end', async (t) => {
  await namespace.kubectl(['apply', '--kustomize', join(root, 'k8s/namespace')])
  await makeSecrets(namespace)
  await namespace.kubectl(['apply', '--server-side', '--kustomize', join(root, 'k8s/production')])
  await pretendPostgres()
  for (const title of ['Install in production', 'Upgrade', 'Roll back', 'Scale', 'Drain a node']) {
    await t.test(title, async (t) => follow(t, title))
  }
  await applyAgain(t, 'production')
  await follow(t, 'Remove')
  await t.rejects(namespace.kubectl(['get', 'namespace', 'comanda']), { message: /NotFound/ })
})
