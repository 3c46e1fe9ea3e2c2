import t from 'tap'
import { objectsIn } from '../chart.ts'
import { buildK8s } from '../kustomize.ts'
import { Namespace } from './cluster.ts'
import { isReady } from './watch.ts'

const namespace = new Namespace('comanda')

/** A disk for every claim, as a cluster's storage class makes them. */
const disks = (count: number) =>
  Array.from({ length: count }, (_, number) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `disk-${number}` },
    spec: {
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: `/disks/${number}` },
    },
  }))

for (const folder of ['development', 'production']) {
  t.test(`k8s/${folder} is applied in one go, twice without a change, and taken away`, async (t) => {
    const built = await buildK8s(folder)
    const apply = () => namespace.kubectl(['apply', '--server-side', '--filename=-'], built)
    t.equal((await apply()).stderr, '', 'in the order it is built: nothing comes before its namespace')
    const kinds = [...new Set(objectsIn(built).all.map(({ kind }) => kind))]
    const versions = async () => {
      const found = await namespace.list(
        kinds.filter((kind) => kind !== 'Namespace' && kind !== 'Job').join(','),
      )
      return found.map(({ kind, metadata }) => [
        kind,
        metadata.name,
        metadata.generation ?? metadata.resourceVersion,
      ])
    }
    const before = await versions()
    t.ok(before.length >= kinds.length - 2)
    t.equal((await apply()).stderr, '')
    t.same(await versions(), before)

    if (folder === 'development') {
      const items = disks(6)
      await namespace.kubectl(
        ['create', '--filename=-'],
        JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
      )
      t.teardown(() =>
        namespace.kubectl(['delete', 'pv', ...items.map(({ metadata }) => metadata.name), '--wait=false']),
      )
      await namespace.kubectl(['rollout', 'status', 'statefulset/comanda-redis', '--timeout=60s'])
      const nodes = await namespace.list('pods', 'app=comanda-redis')
      t.equal(nodes.filter(isReady).length, 6)
      t.equal(new Set(nodes.map(({ spec }) => spec.nodeName)).size, 6, 'each on a node of its own')
      const job = ['wait', '--for=condition=Complete', 'job/comanda-redis-create-cluster', '--timeout=30s']
      t.ok(await namespace.kubectl(job))
    }

    await namespace.kubectl(['delete', '--filename=-', '--timeout=60s'], built)
    await t.rejects(namespace.kubectl(['get', 'namespace', 'comanda']), { message: /NotFound/ })
  })
}
