import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { chart, development, everyOperator, objectsIn, production, render } from './chart.ts'
import { buildK8s } from './kustomize.ts'

t.test('Prometheus scrapes the metrics of every component, where its operator is', async (t) => {
  const objects = await render({ values: production })
  const { selector, endpoints } = objects.get('ServiceMonitor', 'comanda').spec
  const scraped = objects
    .ofKind('Service')
    .filter(({ metadata }) =>
      Object.entries(selector.matchLabels).every(([name, value]) => metadata.labels?.[name] === value),
    )
  t.same(
    scraped.map(({ metadata }) => metadata.name),
    ['analytics', 'orders', 'realtime', 'worker'].map((name) => `comanda-${name}-metrics`),
  )
  for (const { spec } of scraped) t.match(spec, { clusterIP: 'None', ports: [{ name: endpoints[0].port }] })

  const without = await render({ values: development, apiVersions: [] })
  t.same(without.ofKind('ServiceMonitor', 'PrometheusRule'), [], 'the install does not break without it')
})

t.test('Prometheus scrapes Postgres and Redis of k8s/production, where the network lets it', async (t) => {
  const objects = objectsIn(await buildK8s('production'))
  t.equal(objects.get('RedisCluster', 'comanda-redis').spec.redisExporter.enabled, true)
  const monitoring = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }
  for (const [name, metricsPort] of [
    ['comanda-db', 9187],
    ['comanda-redis', 9121],
  ] as const) {
    const monitor = objects.get('PodMonitor', name).spec
    const policy = objects.get('NetworkPolicy', name).spec
    t.match(monitor.selector, policy.podSelector, `${name}: the pods that the policy is about`)
    const open = policy.ingress.filter(({ ports }: any) =>
      ports?.some(({ port }: any) => port === metricsPort),
    )
    t.same(
      open.map(({ from }: any) => from),
      [[monitoring]],
      name,
    )
  }
})

t.test('every alert links to where its runbook can be read', async (t) => {
  const objects = await render({
    values: production,
    set: ['monitoring.runbooks=https://wiki.example/comanda'],
  })
  const urls = objects
    .ofKind('PrometheusRule')
    .flatMap(({ spec }) => spec.groups.flatMap((group: any) => group.rules))
    .flatMap((rule: any) => rule.annotations?.runbook_url ?? [])
  t.ok(urls.length >= 20)
  for (const url of urls) t.match(url, /^https:\/\/wiki\.example\/comanda\/[a-z-]+\.md$/)
})

t.test('the hostnames of the gateway are asked from outside, where there is somebody to ask', async (t) => {
  const prober = 'monitoring.probe.prober=prober.elsewhere.example:9115'
  const set = [prober, 'gateway.hostnames={api.cafeteria.example}']
  const probe = (await render({ values: production, set })).get('Probe', 'comanda')
  t.match(probe.spec, {
    jobName: 'probe',
    interval: '5m',
    prober: { url: 'prober.elsewhere.example:9115' },
    targets: { staticConfig: { static: ['https://api.cafeteria.example/v1/cafeterias'] } },
  })
  t.same((await render({ values: production })).ofKind('Probe'), [])
  await t.rejects(render({ values: development, set: [prober] }), /give gateway\.hostnames/)
})

t.test('rules and dashboards are taken from their folders, braces and all', async (t) => {
  const copy = join(t.testdir({}), 'comanda')
  await cp(chart, copy, { recursive: true })
  const rule =
    'groups:\n  - name: a\n    rules:\n      - alert: Down\n        expr: up == 0\n        annotations:\n          summary: "{{ $labels.pod }} is down"\n'
  await writeFile(join(copy, 'rules/others.yaml'), rule)
  await writeFile(join(copy, 'dashboards/business.json'), '{"title":"{{ business }}"}')
  const options = { chart: copy, values: development }
  const objects = await render({ ...options, set: ['monitoring.labels.release=prometheus'] })
  const made = objects.get('PrometheusRule', 'comanda-others')
  t.equal(made.spec.groups[0].rules[0].annotations.summary, '{{ $labels.pod }} is down')
  t.equal(made.metadata.labels?.['release'], 'prometheus')
  const dashboard = objects.get('ConfigMap', 'comanda-dashboard-business')
  t.same(JSON.parse(dashboard.data['business.json']), { title: '{{ business }}' })
  t.equal(dashboard.metadata.labels?.['grafana_dashboard'], '1')

  const bare = await render({
    ...options,
    apiVersions: everyOperator.filter((it) => !it.includes('monitoring')),
  })
  t.same(bare.ofKind('PrometheusRule'), [])
  t.ok(bare.get('ConfigMap', 'comanda-dashboard-business'), 'Grafana needs no operator')
})
