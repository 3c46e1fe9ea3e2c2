import t from 'tap'
import { development, render } from './chart.ts'

const faulty = { values: [...development, 'test/cases/faults.yaml'] }

t.test('without faults, nothing is broken', async (t) => {
  const text = JSON.stringify((await render({ values: development })).all)
  t.notMatch(text, /fault-unready|faults\./)
})

t.test('new pods crash, or never become ready, or are slow', async (t) => {
  const objects = await render(faulty)
  const container = (name: string) =>
    objects.get('Deployment', `comanda-${name}`).spec.template.spec.containers[0]
  t.same(container('worker').args[0], '--eval')
  t.match(container('worker').args[1], /process\.exit\(1\)/)
  t.equal(container('orders').readinessProbe.httpGet.path, '/fault-unready')
  t.equal(container('orders').livenessProbe.httpGet.path, '/health/live', 'unready, and alive')
  t.match(container('realtime').resources, { limits: { cpu: '50m' }, requests: { cpu: '50m' } })
})

t.test('the network to Postgres or Redis is closed', async (t) => {
  const objects = await render(faulty)
  const reached = (name: string) =>
    objects
      .get('NetworkPolicy', `comanda-${name}`)
      .spec.egress.flatMap(({ ports }: any) => ports.map(({ port }: any) => Number(port)))
  t.same(reached('orders'), [53, 53, 5432, 3009])
  t.same(reached('realtime'), [53, 53])
})
