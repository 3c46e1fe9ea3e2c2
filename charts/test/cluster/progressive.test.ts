import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type KubernetesObject, production } from '../chart.ts'
import { makeNamespace, type Namespace } from './cluster.ts'
import { history, watch } from './watch.ts'

/** Prometheus, which says that a share of the requests failed; null: it knows of no request. */
async function startPrometheus(t: Test) {
  const prometheus = { url: '', failed: 0 as number | null, queries: [] as string[] }
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      prometheus.queries.push(new URLSearchParams(body).get('query') ?? '')
      const { failed } = prometheus
      const result = failed === null ? [] : [{ metric: {}, value: [Date.now() / 1000, String(failed)] }]
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  prometheus.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return prometheus
}

async function until(
  namespace: Namespace,
  is: (rollout: KubernetesObject) => boolean,
): Promise<KubernetesObject> {
  for (let left = 300; left > 0; left -= 1) {
    const rollout = await namespace.get('rollout', 'comanda-orders')
    const { observedGeneration } = rollout.status ?? {}
    if (observedGeneration === String(rollout.metadata.generation) && is(rollout)) return rollout
    await sleep(200)
  }
  throw new Error(
    `the rollout stays ${JSON.stringify((await namespace.get('rollout', 'comanda-orders')).status)}`,
  )
}

const isHealthy = ({ status }: KubernetesObject) =>
  status.phase === 'Healthy' && status.availableReplicas === 5

/** A release whose orders are a Rollout, and how it is upgraded: by Helm's older way of waiting, which knows no Rollouts. */
async function startRelease(t: Test, name: string, strategy: string[]) {
  const prometheus = await startPrometheus(t)
  const namespace = await makeNamespace(t, name)
  const set = [
    'defaults.strategy.minReadySeconds=1',
    `components.orders.strategy.analysis.prometheus=${prometheus.url}`,
    'components.orders.strategy.analysis.intervalSeconds=1',
    ...strategy.map((value) => `components.orders.strategy.${value}`),
  ]
  const helm = (command: string, limit: number, ...options: string[]) =>
    namespace.helm([
      command,
      ...namespace.release(production, [...set, `components.orders.env.RATE_LIMIT_API=${limit}/1m`]),
      '--wait=legacy',
      '--timeout=60s',
      ...options,
    ])
  await helm('install', 1)
  await until(namespace, isHealthy)
  return {
    namespace,
    prometheus,
    upgrade: (limit: number, ...options: string[]) => helm('upgrade', limit, ...options),
  }
}

t.test('a canary of five goes by 1, 1, 3 and 5 pods, as 5, 25, 50 and 100 percent', async (t) => {
  const strategy = ['type=Canary', 'canary.pauseSeconds=3']
  const { namespace, prometheus, upgrade } = await startRelease(t, 'canary', strategy)
  const stable = (await namespace.get('rollout', 'comanda-orders')).status.stableRS

  const rollouts = await watch(t, namespace, 'rollouts')
  const pods = await watch(t, namespace, 'pods')
  await upgrade(2)
  const { status } = await until(namespace, (it) => isHealthy(it) && it.status.stableRS !== stable)
  const steps = new Map(
    rollouts
      .filter(
        ({ object }) => object.status?.currentPodHash === status.stableRS && object.status.phase === 'Paused',
      )
      .map(({ object }) => [object.status.currentStepIndex, object.status.updatedReplicas]),
  )
  // The steps with even numbers set the weight, those between them wait.
  t.same(
    [1, 3, 5, 7].map((step) => steps.get(step)),
    [1, 1, 3, 5],
  )
  t.ok(
    history(pods, 'orders')
      .slice(5)
      .every(({ ready, all }) => ready >= 5 && all <= 6),
  )
  t.ok(prometheus.queries.length >= 4)
  t.ok(prometheus.queries.every((query) => query.includes(`rollouts_pod_template_hash="${status.stableRS}"`)))

  await t.test('over 1% of errors it takes itself back, and helm rollback makes Helm agree', async (t) => {
    prometheus.failed = 0.011
    await upgrade(3)
    const aborted = await until(namespace, (it) => it.status.abort === true && it.status.replicas === 5)
    t.match(aborted.status, {
      phase: 'Degraded',
      stableRS: status.stableRS,
      message: /"error-rate" assessed Failed/,
    })
    t.equal(aborted.status.availableReplicas, 5)
    prometheus.failed = 0
    await namespace.helm(['rollback', 'comanda', '--wait=legacy'])
    const back = await until(namespace, isHealthy)
    t.equal(back.status.currentPodHash, status.stableRS)
  })

  await t.test('without any request it waits for a person', async (t) => {
    prometheus.failed = null
    await upgrade(4)
    const waiting = await until(namespace, ({ status }) =>
      (status.pauseConditions ?? []).some(({ reason }: any) => reason === 'InconclusiveAnalysisRun'),
    )
    t.ok(waiting.status.updatedReplicas < 5)
  })
})

t.test(
  'blue-green gives the traffic at once to as many new pods, and keeps the old ones a while',
  async (t) => {
    const strategy = ['type=BlueGreen', 'blueGreen.scaleDownDelaySeconds=30']
    const { namespace, prometheus, upgrade } = await startRelease(t, 'blue-green', strategy)
    const active = async () =>
      (await namespace.get('service', 'comanda-orders')).spec.selector['rollouts-pod-template-hash']
    const before = await active()
    const pods = await watch(t, namespace, 'pods')
    await upgrade(2)
    const { status } = await until(namespace, (it) => isHealthy(it) && it.status.stableRS !== before)
    t.equal(await active(), status.stableRS)
    t.ok(
      history(pods, 'orders').some(({ ready }) => ready === 10),
      'all ten were ready',
    )
    t.ok(await upgrade(2), 'Helm leaves alone what the controller wrote into the Service')
    t.equal(await active(), status.stableRS)

    await t.test('errors after the switch take it back to the old pods', async (t) => {
      prometheus.failed = 0.5
      await upgrade(3)
      const aborted = await until(namespace, (it) => it.status.abort === true)
      t.equal(await active(), status.stableRS)
      t.equal(aborted.status.stableRS, status.stableRS)
    })

    await t.test('back to a rolling update it takes --force-conflicts, as the guide says', async (t) => {
      prometheus.failed = 0
      const rolling = '--set=components.orders.strategy.type=RollingUpdate'
      await t.rejects(upgrade(4, rolling), { message: /conflict with "rollouts-controller".*spec\.selector/ })
      await upgrade(4, rolling, '--force-conflicts')
      await namespace.settled()
      t.equal(await active(), undefined, 'the Service selects by component alone')
      t.same(await namespace.list('rollouts'), [])
    })
  },
)
