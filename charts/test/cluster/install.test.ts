import t from 'tap'
import { type KubernetesObject, production } from '../chart.ts'
import { makeNamespace } from './cluster.ts'
import { componentOf, isReady, type ObjectChange, watch } from './watch.ts'

const fleet = ['analytics', 'orders', 'realtime', 'worker']

/** The server counts every change of anything, so this orders changes of different kinds. */
const when = ({ object }: ObjectChange) => Number(object.metadata.resourceVersion)
const first = (changes: ObjectChange[], is: (change: ObjectChange) => boolean): number => {
  const found = changes.find(is)
  if (found === undefined) throw new Error('it never happened')
  return when(found)
}
const isComplete = ({ status }: KubernetesObject) =>
  (status.conditions ?? []).some((one: any) => one.type === 'Complete' && one.status === 'True')

t.test(
  'an install migrates, starts the fleet on all nodes, takes an order and leaves without a trace',
  async (t) => {
    const namespace = await makeNamespace(t, 'install')
    const before = await namespace.everything()
    const [pods, jobs] = [await watch(t, namespace, 'pods'), await watch(t, namespace, 'jobs')]
    const { stderr } = await namespace.helm([
      'install',
      ...namespace.release(production),
      '--wait',
      '--timeout=100s',
    ])
    await namespace.settled()
    t.equal(stderr, '', 'no warning: of Pod Security, of anything deprecated')

    const migrated = first(jobs, ({ object }) => isComplete(object))
    const started = first(pods, ({ object }) => fleet.includes(componentOf(object) ?? ''))
    t.ok(migrated < started, 'migrations are done before the first pod is made')
    t.same(await namespace.list('jobs'), [], 'and the job is gone')

    for (const name of fleet) {
      const running = await namespace.list('pods', `app.kubernetes.io/component=${name}`)
      t.equal(
        running.filter(isReady).length,
        5,
        `${name}: the autoscaler made five of the one a Deployment starts with`,
      )
      t.ok(new Set(running.map(({ spec }) => spec.nodeName)).size >= 4, `${name}: apart from one another`)
    }

    await t.test('helm test runs with its script and password, which go with it', async (t) => {
      const made = {
        configmaps: await watch(t, namespace, 'configmaps'),
        pods: await watch(t, namespace, 'pods'),
      }
      await namespace.helm(['test', 'comanda'])
      const done = first(made.pods, ({ object }) => object.status.phase === 'Succeeded')
      const script = made.configmaps.filter(({ object }) => object.metadata.name === 'comanda-smoke-test')
      t.ok(first(script, ({ type }) => type === 'ADDED') < done)
      t.ok(first(script, ({ type }) => type === 'DELETED') > done)
      t.same(await namespace.list('pods', 'app.kubernetes.io/component=smoke-test'), [])
    })

    await namespace.helm(['uninstall', 'comanda', '--wait', '--timeout=60s'])
    await namespace.kubectl(['wait', '--for=delete', 'pods', '--all', '--timeout=60s'])
    const names = (objects: KubernetesObject[]) =>
      objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    t.same(names(await namespace.everything()), names(before), 'nothing is left but what was there')
  },
)
