import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { alertmanagerForWebhook } from '../scripts/observe/alertmanager-config.ts'
import { composeAddresses } from '../scripts/observe/compose-addresses.ts'
import { localPrometheusConfig } from '../scripts/observe/prometheus-config.ts'

const read = (file: string) => readFileSync(join(import.meta.dirname, '../compose', file), 'utf8')

const services = Object.fromEntries(
  ['orders', 'realtime', 'analytics', 'worker'].map((name) => [
    name,
    { api: `${name}.here:1`, metrics: `${name}.here:2` },
  ]),
)
const redisNodes = [0, 1, 2, 3, 4, 5].map((node) => `redis.here:${node}`)
const addresses = composeAddresses({ services, redisNodes }, (observer) => `${observer}.here:3`)
const options = { addresses, rules: '/rules/*.yaml' }

t.test('Prometheus beside a fleet asks whomever that of compose asks, where they are here', async (t) => {
  const config = parse(localPrometheusConfig(read('prometheus.yaml'), options))
  const jobs = new Map<string, any>(config.scrape_configs.map((job: any) => [job.job_name, job]))
  const targetsOf = (job: string) => jobs.get(job).static_configs.flatMap(({ targets }: any) => targets)
  for (const name of Object.keys(services)) t.same(targetsOf(`comanda-${name}`), [`${name}.here:2`])
  t.same(targetsOf('redis'), redisNodes)
  t.match(jobs.get('redis').relabel_configs.at(-1), { replacement: 'redis.here:3' })
  t.same(targetsOf('postgres'), ['postgres.here:3'])
  t.same(targetsOf('node'), ['node.here:3'])
  t.same(
    targetsOf('probe'),
    ['orders', 'realtime', 'analytics'].map((name) => `http://${name}.here:1/health/ready`),
  )
  t.match(jobs.get('probe').relabel_configs.at(-1), { replacement: 'blackbox.here:3' })
  t.same(config.alerting.alertmanagers, [{ static_configs: [{ targets: ['alertmanager.here:3'] }] }])
  t.same(config.rule_files, ['/rules/*.yaml'])
})

t.test('jobs, labels and pauses are those of compose, unless it asks more often', async (t) => {
  const compose = parse(read('prometheus.yaml'))
  const without = (jobs: any[]) =>
    jobs.map(({ static_configs, relabel_configs, ...job }) => ({
      ...job,
      labels: static_configs.map(({ labels }: any) => labels),
      relabelled: (relabel_configs ?? []).map(({ target_label }: any) => target_label),
    }))
  const config = parse(localPrometheusConfig(read('prometheus.yaml'), options))
  t.same(config.global, compose.global)
  t.same(without(config.scrape_configs), without(compose.scrape_configs))
  const quick = parse(localPrometheusConfig(read('prometheus.yaml'), { ...options, everySeconds: 3 }))
  t.same(quick.global, { scrape_interval: '3s', evaluation_interval: '3s' })
  for (const job of quick.scrape_configs) t.notOk('scrape_interval' in job, job.job_name)
})

t.test('an address that is nowhere on this machine is named', async (t) => {
  const { worker: _worker, ...others } = services
  const some = composeAddresses({ services: others, redisNodes }, (observer) => `${observer}.here:3`)
  t.throws(() => localPrometheusConfig(read('prometheus.yaml'), { ...options, addresses: some }), {
    message: 'compose/prometheus.yaml names worker:3104, which is nowhere on this machine',
  })
})

t.test(
  'Alertmanager beside a fleet tells a webhook what it would tell each receiver by each way',
  async (t) => {
    const compose = parse(read('alertmanager.yaml'), { merge: true })
    const text = alertmanagerForWebhook(read('alertmanager.yaml'), 'http://here')
    const config = parse(text)
    t.same(config.route, compose.route)
    t.same(config.inhibit_rules, compose.inhibit_rules)
    t.same(config.receivers[0], {
      name: 'on-call',
      webhook_configs: [
        { url: 'http://here/on-call/slack', send_resolved: true },
        { url: 'http://here/on-call/email', send_resolved: false },
        { url: 'http://here/on-call/pagerduty', send_resolved: true },
      ],
    })
    t.same(
      config.receivers.map(({ name, webhook_configs }: any) => [name, webhook_configs.length]),
      compose.receivers.map(({ name, ...ways }: any) => [name, Object.values<any>(ways).flat().length]),
    )
    t.notMatch(text, 'secrets', 'it reads no file that is not here')

    const quick = parse(alertmanagerForWebhook(read('alertmanager.yaml'), 'http://here', { quick: true }))
    t.same(quick.route, { ...compose.route, group_wait: '1s', group_interval: '1s' })
  },
)
