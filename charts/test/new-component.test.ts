import t from 'tap'
import { development, production, render } from './chart.ts'

t.test('a component joins the fleet with one entry', async (t) => {
  const joined = 'test/cases/one-more.yaml'
  const before = await render({ values: production })
  const after = await render({ values: [...production, joined] })
  const added = after.all.filter(({ metadata }) => metadata.name.startsWith('comanda-analytics'))
  t.same(
    added.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted(),
    [
      'ConfigMap comanda-analytics',
      'Deployment comanda-analytics',
      'HTTPRoute comanda-analytics',
      'HorizontalPodAutoscaler comanda-analytics',
      'NetworkPolicy comanda-analytics',
      'PodDisruptionBudget comanda-analytics',
      'Service comanda-analytics',
      'Service comanda-analytics-metrics',
      'ServiceAccount comanda-analytics',
    ],
    'everything that every component has',
  )
  const orders = before.get('Deployment', 'comanda-orders').spec.template.spec
  const pod = after.get('Deployment', 'comanda-analytics').spec.template.spec
  const like = JSON.parse(JSON.stringify(orders).replaceAll('orders', 'analytics'))
  const [expected] = like.containers
  const [container] = pod.containers
  t.same({ ...container, image: '', ports: [] }, { ...expected, image: '', ports: [] }, 'as orders has it')
  t.match(container.ports, [{ containerPort: 3003 }, { containerPort: 3103 }])

  const others = after.all.filter((object) => !added.includes(object))
  const touched = others.filter(
    (object) =>
      JSON.stringify(object) !==
      JSON.stringify(
        before.all.find((it) => it.kind === object.kind && it.metadata.name === object.metadata.name),
      ),
  )
  t.same(
    touched.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted(),
    ['NetworkPolicy comanda-smoke-test', 'Pod comanda-smoke-test'],
    'the smoke test asks it too, and nothing else changes',
  )
})

t.test('a component leaves with one word', async (t) => {
  const objects = await render({ values: development, set: ['components.worker.enabled=false'] })
  t.notMatch(JSON.stringify(objects.all), 'comanda-worker')
})
