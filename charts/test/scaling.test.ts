import t from 'tap'
import { cases } from './cases.ts'
import { development, production, render } from './chart.ts'

t.test('replicas are never rendered beside something that scales', async (t) => {
  let scaled = 0
  for (const [name, options] of Object.entries(cases)) {
    const objects = await render(options)
    const targets = objects
      .ofKind('HorizontalPodAutoscaler', 'ScaledObject')
      .map((it) => it.spec.scaleTargetRef)
    for (const workload of objects.workloads) {
      const by = targets.filter((target) => target.name === workload.metadata.name)
      t.equal(by.length === 0, 'replicas' in workload.spec, `${name}: ${workload.metadata.name}`)
      t.ok(by.length < 2, 'one autoscaler at most')
      for (const { kind, apiVersion } of by) {
        scaled += 1
        t.same({ kind, apiVersion }, { kind: workload.kind, apiVersion: workload.apiVersion })
      }
    }
  }
  t.ok(scaled > 10)
})

t.test('the HPA goes from 5 to 20 pods by processor and memory, and memory can be left out', async (t) => {
  const objects = await render({ values: production })
  t.match(objects.get('HorizontalPodAutoscaler', 'comanda-orders').spec, {
    minReplicas: 5,
    maxReplicas: 20,
    metrics: [
      { resource: { name: 'cpu', target: { averageUtilization: 70 } } },
      { resource: { name: 'memory', target: { averageUtilization: 80 } } },
    ],
  })
  const without = await render({ values: production, set: ['defaults.autoscaling.memory.enabled=false'] })
  t.equal(without.get('HorizontalPodAutoscaler', 'comanda-orders').spec.metrics.length, 1)
})

t.test('KEDA scales the gateway by its sockets, instead of the HPA', async (t) => {
  const objects = await render({ values: [...production, 'test/cases/keda.yaml'] })
  t.notOk(
    objects.ofKind('HorizontalPodAutoscaler').some(({ metadata }) => metadata.name === 'comanda-realtime'),
  )
  t.match(objects.get('ScaledObject', 'comanda-realtime').spec, {
    minReplicaCount: 5,
    maxReplicaCount: 20,
    triggers: [
      {
        type: 'prometheus',
        metadata: {
          query: 'sum(sockets_connected{namespace="comanda", container="realtime"})',
          threshold: '4000',
        },
      },
      { type: 'cpu' },
    ],
  })
})

t.test(
  'replicas are as many as the values say when nothing scales, and no budget is made for one pod',
  async (t) => {
    const objects = await render({ values: development, set: ['components.orders.replicas=3'] })
    t.equal(objects.get('Deployment', 'comanda-orders').spec.replicas, 3)
    t.equal(objects.get('Deployment', 'comanda-worker').spec.replicas, 1)
    t.same(objects.ofKind('PodDisruptionBudget'), [])
  },
)
