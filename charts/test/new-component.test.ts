import t from 'tap'
import { development, production, render } from './chart.ts'

t.test('a component joins the fleet with one entry', async (t) => {
  const joined = 'test/cases/one-more.yaml'
  const before = await render({ values: production })
  const after = await render({ values: [...production, joined] })
  const added = after.all.filter(({ metadata }) => metadata.name.startsWith('comanda-images'))
  t.same(
    added.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted(),
    [
      'ConfigMap comanda-images',
      'Deployment comanda-images',
      'HTTPRoute comanda-images',
      'HorizontalPodAutoscaler comanda-images',
      'NetworkPolicy comanda-images',
      'PodDisruptionBudget comanda-images',
      'Service comanda-images',
      'Service comanda-images-metrics',
      'ServiceAccount comanda-images',
    ],
    'everything that every component has',
  )
  const orders = before.get('Deployment', 'comanda-orders').spec.template.spec
  const pod = after.get('Deployment', 'comanda-images').spec.template.spec
  const like = JSON.parse(JSON.stringify(orders).replaceAll('orders', 'images'))
  const [expected] = like.containers
  const [container] = pod.containers
  t.same({ ...container, image: '', ports: [] }, { ...expected, image: '', ports: [] }, 'as orders has it')
  t.match(container.ports, [{ containerPort: 3005 }, { containerPort: 3105 }])

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
