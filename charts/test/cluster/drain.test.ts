import t from 'tap'
import { production } from '../chart.ts'
import { makeNamespace } from './cluster.ts'
import { history, isReady, watch } from './watch.ts'

const fleet = ['analytics', 'orders', 'realtime', 'worker']

t.test('a node is drained while four of five serve, and a second eviction waits', async (t) => {
  const namespace = await makeNamespace(t, 'drain')
  const quick = 'defaults.strategy.minReadySeconds=1'
  await namespace.helm(['install', ...namespace.release(production, [quick]), '--wait', '--timeout=100s'])
  await namespace.settled()
  const budget = async () => (await namespace.get('poddisruptionbudget', 'comanda-orders')).status
  t.match(await budget(), { currentHealthy: 5, desiredHealthy: 4, disruptionsAllowed: 1 })

  await t.test('kubectl drain moves every pod, as the guide says', async (t) => {
    const pods = await watch(t, namespace, 'pods')
    const [node] = (await namespace.list('pods', 'app.kubernetes.io/component=orders')).map(
      (pod) => pod.spec.nodeName,
    )
    t.teardown(() => namespace.kubectl(['uncordon', node]))
    // Only the pods of this namespace, because other tests are on the node too.
    const ours = `--pod-selector=app.kubernetes.io/instance=comanda,test=drain`
    await namespace.kubectl(['label', 'pods', '--all', 'test=drain'])
    await namespace.kubectl([
      'drain',
      node,
      '--ignore-daemonsets',
      '--delete-emptydir-data',
      ours,
      '--timeout=60s',
    ])
    await namespace.settled()
    for (const name of fleet) {
      const seen = history(pods, name).slice(5)
      t.ok(
        seen.every(({ ready }) => ready >= 4),
        `${name} never has fewer than four`,
      )
      const now = await namespace.list('pods', `app.kubernetes.io/component=${name}`)
      t.equal(now.filter(isReady).length, 5)
      t.notOk(now.some(({ spec }) => spec.nodeName === node))
    }
  })

  await t.test('the budget refuses the second of two evictions', async (t) => {
    const [first, second] = await namespace.list('pods', 'app.kubernetes.io/component=orders')
    const evict = (name = '') => {
      const eviction = {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name, namespace: namespace.name },
      }
      const path = `/api/v1/namespaces/${namespace.name}/pods/${name}/eviction`
      return namespace.kubectl(['create', `--raw=${path}`, '--filename=-'], JSON.stringify(eviction))
    }
    await evict(first?.metadata.name)
    await t.rejects(evict(second?.metadata.name), { message: /TooManyRequests|disruption budget/ })
    await namespace.settled()
    t.ok(await evict(second?.metadata.name), 'and takes it when the first is replaced')
  })
})
