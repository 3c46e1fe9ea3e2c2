import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { chart, development, production } from '../chart.ts'
import { makeNamespace } from './cluster.ts'
import { type ObjectChange, watch } from './watch.ts'

const quick = 'defaults.strategy.minReadySeconds=1'

const replicasIn = (changes: ObjectChange[]): number[] =>
  changes
    .filter(({ object }) => object.metadata.name === 'comanda-orders')
    .map(({ object }) => object.spec.replicas)

t.test('the number of pods belongs to the autoscaler alone, so that no upgrade fights it', async (t) => {
  const namespace = await makeNamespace(t, 'scaling')
  const release = (set: string[], from?: string) => namespace.release(production, [quick, ...set], from)
  const upgrade = (set: string[], from?: string) =>
    namespace.helm(['upgrade', ...release(set, from), '--wait', '--timeout=100s'])
  const orders = () => namespace.get('deployment', 'comanda-orders')

  await namespace.helm(['install', ...release([]), '--wait', '--timeout=100s'])
  await namespace.settled()

  await upgrade(['components.orders.autoscaling.min=7'])
  await namespace.kubectl([
    'wait',
    '--for=jsonpath={.status.availableReplicas}=7',
    'deployment/comanda-orders',
    '--timeout=60s',
  ])
  await upgrade(['components.orders.autoscaling.min=7', 'components.orders.env.RATE_LIMIT_API=50/1m'])
  t.equal((await orders()).spec.replicas, 7, 'an upgrade leaves what the autoscaler made')

  await t.test('a chart with replicas takes pods away from it, so the checks above can fail', async (t) => {
    const copy = join(t.testdir({}), 'comanda')
    await cp(chart, copy, { recursive: true })
    const file = join(copy, 'templates/workloads.yaml')
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('{{- if eq $component.autoscaling.by "none" }}', '{{- if true }}'))
    const deployments = await watch(t, namespace, 'deployments')
    await upgrade(['components.orders.autoscaling.min=7', 'components.orders.replicas=5'], copy)
    const wanted = replicasIn(deployments)
    t.equal(wanted[0], 7)
    t.ok(wanted.includes(5))
  })
})

t.test('without an autoscaler the values say how many, and a hand that scales is noticed', async (t) => {
  const namespace = await makeNamespace(t, 'by-hand')
  const release = (...set: string[]) => namespace.release(development, [quick, 'seed.enabled=false', ...set])
  await namespace.helm(['install', ...release('components.orders.replicas=3'), '--wait', '--timeout=60s'])
  const orders = async () => (await namespace.get('deployment', 'comanda-orders')).spec.replicas
  t.equal(await orders(), 3)
  await namespace.helm(['upgrade', ...release('components.orders.replicas=2'), '--wait', '--timeout=60s'])
  t.equal(await orders(), 2)
  await namespace.kubectl(['scale', 'deployment/comanda-orders', '--replicas=4'])
  const upgrade = ['upgrade', ...release('components.orders.replicas=2'), '--wait', '--timeout=60s']
  await t.rejects(namespace.helm(upgrade), { message: /conflict with "kubectl".*\.spec\.replicas/s })
  await namespace.helm([...upgrade, '--force-conflicts'])
  t.equal(await orders(), 2)
})

t.test('an autoscaler takes over a number that was in the values, when it is handed over', async (t) => {
  const namespace = await makeNamespace(t, 'takeover')
  const upgrade = (command: string, by: string) => {
    const set = [quick, 'seed.enabled=false', `components.orders.autoscaling.by=${by}`]
    const scaled = ['components.orders.replicas=5', 'components.orders.autoscaling.min=5']
    const release = namespace.release(development, [...set, ...scaled])
    return namespace.helm([command, ...release, '--wait', '--timeout=60s'])
  }
  await upgrade('install', 'none')
  const deployments = await watch(t, namespace, 'deployments')
  await upgrade('upgrade', 'HPA')
  t.ok(replicasIn(deployments).includes(1), 'what nobody says any more is one, for a moment')
  await namespace.kubectl(['wait', '--for=jsonpath={.spec.replicas}=5', 'deployment/comanda-orders'])

  await upgrade('upgrade', 'none')
  const handover = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'comanda-orders' },
    spec: { replicas: 5 },
  }
  const apply = ['apply', '--server-side', '--field-manager=handover', '--filename=-']
  await namespace.kubectl(apply, JSON.stringify(handover))
  const handed = await watch(t, namespace, 'deployments')
  await upgrade('upgrade', 'HPA')
  const wanted = new Set(replicasIn(handed))
  t.same([...wanted], [5])
})
