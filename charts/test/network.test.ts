import t from 'tap'
import { readDocument, servicesWith, withResponses } from '../../scripts/openapi/documents.ts'
import { development, type KubernetesObject, type Objects, production, render } from './chart.ts'

const policyOf = (objects: Objects, name: string) => objects.get('NetworkPolicy', `comanda-${name}`).spec
const ports = (rules: any[]) => rules.flatMap((rule) => rule.ports.map(({ port }: any) => port))
const componentsIn = (rules: any[]) =>
  rules
    .flatMap((rule) => rule.from ?? rule.to ?? [])
    .flatMap((peer: any) => peer.podSelector?.matchLabels?.['app.kubernetes.io/component'] ?? [])

t.test('whatever is not named is refused, for every pod of the release', async (t) => {
  const objects = await render({ values: production })
  const deny = policyOf(objects, 'deny')
  t.same(deny.policyTypes, ['Ingress', 'Egress'])
  t.notOk(deny.ingress ?? deny.egress)
  const covered = (labels: Record<string, string>) =>
    Object.entries(deny.podSelector.matchLabels).every(([name, value]) => labels[name] === value)
  const pods = [
    ...objects.workloads.map(({ spec }) => spec.template.metadata.labels),
    ...objects.ofKind('Job').map(({ spec }) => spec.template.metadata.labels),
    ...objects.ofKind('Pod').map(({ metadata }) => metadata.labels),
  ]
  t.equal(pods.length, 6)
  for (const labels of pods) t.ok(covered(labels), labels['app.kubernetes.io/component'])
})

t.test(
  'a component is reached by the gateway on its port and by Prometheus on its metrics, and nobody else',
  async (t) => {
    const objects = await render({ values: production })
    const { ingress } = policyOf(objects, 'orders')
    t.same(ports(ingress), [3001, 3101, 3001])
    t.same(ingress[0].from, [{ namespaceSelector: { matchLabels: { 'comanda.dev/role': 'gateway' } } }])
    t.same(ingress[1].from, [
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
    ])
    t.same(componentsIn([ingress[2]]), ['smoke-test'])
    t.same(ports(policyOf(objects, 'worker').ingress), [3104, 3004], 'no route leads to the worker')
  },
)

t.test('a component reaches names, Postgres and Redis, and nothing else', async (t) => {
  const objects = await render({ values: production })
  for (const name of ['analytics', 'orders', 'realtime', 'worker']) {
    const { egress } = policyOf(objects, name)
    t.same(ports(egress), [53, 53, 5432, 6379], name)
    for (const rule of egress) t.ok(rule.to.length > 0, 'no rule is open to everybody')
  }
  t.same(ports(policyOf(objects, 'migrate').egress), [53, 53, 5432])
  t.same(ports(policyOf(objects, 'smoke-test').egress), [53, 53, 3003, 3001, 3002, 3004])
})

t.test('what a component calls opens both ends', async (t) => {
  const objects = await render({ values: development })
  t.same(componentsIn(policyOf(objects, 'orders').egress), ['payments'])
  t.same(componentsIn(policyOf(objects, 'payments').ingress).toSorted(), ['orders', 'smoke-test', 'worker'])
  t.same(ports(policyOf(objects, 'payments').egress), [53, 53, 3001], 'it needs neither Postgres nor Redis')
})

t.test('Postgres and Redis elsewhere are reached on their own ports', async (t) => {
  const objects = await render({
    values: [...production, 'test/cases/elsewhere.yaml'],
    set: ['redis.nodes={one.example.com:6379,two.example.com:6380}'],
  })
  const { egress } = policyOf(objects, 'orders')
  t.same(ports(egress), [53, 53, 6432, '6379', '6380'].map(Number))
  t.same(egress[1].to, [{ ipBlock: { cidr: '10.20.0.0/16' } }])
  t.notOk(egress[2].to, 'an empty list is anywhere')
})

t.test('every Service has pods behind it, on ports that they have', async (t) => {
  const objects = await render({ values: [...production, 'test/cases/canary.yaml'] })
  const selects = (service: KubernetesObject, workload: KubernetesObject) =>
    Object.entries(service.spec.selector).every(
      ([name, value]) => workload.spec.template.metadata.labels[name] === value,
    )
  const services = objects.ofKind('Service')
  const switched = services.filter(({ spec }) => spec.selector === undefined)
  t.same(
    switched.map(({ metadata }) => metadata.name),
    ['comanda-orders', 'comanda-orders-canary'],
    'those that Argo Rollouts points at pods itself',
  )
  for (const service of services.filter((it) => !switched.includes(it))) {
    const behind = objects.workloads.filter((workload) => selects(service, workload))
    t.equal(behind.length, 1, service.metadata.name)
    const known = behind[0]?.spec.template.spec.containers[0].ports.map(({ name }: any) => name)
    for (const { targetPort } of service.spec.ports) t.ok(known.includes(targetPort))
  }
})

t.test(
  'sockets and answers that stream have no time limit at the gateway, everything else has one',
  async (t) => {
    const objects = await render({ values: production })
    const rule = (name: string) => objects.get('HTTPRoute', `comanda-${name}`).spec.rules[0]
    t.match(rule('realtime'), {
      matches: [{ path: { type: 'PathPrefix', value: '/socket.io' } }],
      timeouts: { request: '0s' },
      backendRefs: [{ name: 'comanda-realtime', port: 3002 }],
    })
    t.equal(objects.get('Service', 'comanda-realtime').spec.ports[0].appProtocol, 'kubernetes.io/ws')
    t.match(rule('orders'), {
      matches: [{ path: { value: '/v1' } }, { path: { value: '/docs' } }],
      timeouts: { request: '0s' },
    })
    t.match(rule('analytics'), {
      matches: [{ path: { value: '/v1/analytics' } }, { path: { value: '/v1/reports' } }],
      timeouts: { request: '0s' },
      backendRefs: [{ name: 'comanda-analytics', port: 3003 }],
    })
    t.same(
      objects.ofKind('HTTPRoute').length,
      3,
      'nothing leads to the worker, to metrics or to health checks',
    )
  },
)

t.test('a service streams exactly if its document has an answer that is not JSON', async (t) => {
  const objects = await render({ values: production })
  const limits = await render({ values: production, set: ['components.orders.streams=false'] })
  t.match(limits.get('HTTPRoute', 'comanda-orders').spec.rules[0].timeouts, { request: '50s' })
  let streaming = 0
  for (const service of servicesWith('openapi.json')) {
    const { paths = {} } = withResponses(readDocument(service, 'openapi.json'))
    const types = Object.values(paths)
      .flatMap((path) => Object.values(path))
      .flatMap(({ responses = {} }) => Object.values(responses))
      .flatMap(({ content = {} }) => Object.keys(content))
    const streams = types.some((type) => !type.endsWith('json'))
    if (streams) streaming += 1
    const { request } = objects.get('HTTPRoute', `comanda-${service}`).spec.rules[0].timeouts
    t.equal(request, streams ? '0s' : '50s', service)
  }
  t.ok(streaming > 0, 'there was something to check')
})

t.test('an Ingress has the same paths', async (t) => {
  const objects = await render({ values: [...production, 'test/cases/elsewhere.yaml'] })
  t.same(objects.ofKind('HTTPRoute'), [])
  const [rule] = objects.get('Ingress', 'comanda').spec.rules
  t.same(
    rule.http.paths.map(({ path, backend }: any) => [path, backend.service.name]),
    [
      ['/v1/analytics', 'comanda-analytics'],
      ['/v1/reports', 'comanda-analytics'],
      ['/v1', 'comanda-orders'],
      ['/docs', 'comanda-orders'],
      ['/socket.io', 'comanda-realtime'],
    ],
  )
})
