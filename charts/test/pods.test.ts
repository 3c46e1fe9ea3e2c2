import t from 'tap'
import { cases } from './cases.ts'
import { development, production, render } from './chart.ts'

const fleet = ['analytics', 'orders', 'realtime', 'worker']

t.test('every pod of every case, jobs included, is what Pod Security "restricted" asks for', async (t) => {
  for (const [name, options] of Object.entries(cases)) {
    const objects = await render(options)
    const pods = [
      ...objects.workloads.map((workload) => workload.spec.template.spec),
      ...objects.ofKind('Job').map((job) => job.spec.template.spec),
      ...objects.ofKind('Pod').map((pod) => pod.spec),
    ]
    t.ok(pods.length >= 5, name)
    for (const pod of pods) {
      t.match(pod, {
        automountServiceAccountToken: false,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: Number,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      })
      t.same(Object.keys(pod.containers), ['0'], 'one container')
      const [container] = pod.containers
      t.same(container.securityContext, {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
      t.match(container.volumeMounts[0], { name: 'tmp', mountPath: '/tmp' })
      t.match(container.resources, { requests: { cpu: /./, memory: /./ }, limits: { memory: /./ } })
      for (const volume of pod.volumes) t.notOk(volume.hostPath)
    }
  }
})

t.test('production runs every component with its replicas, probes and limits', async (t) => {
  const objects = await render({ values: production })
  t.same(
    objects.workloads.map(({ metadata }) => metadata.name).toSorted(),
    fleet.map((it) => `comanda-${it}`),
  )
  for (const name of fleet) {
    const { spec } = objects.get('Deployment', `comanda-${name}`)
    t.same(spec.strategy, { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } })
    const pod = spec.template.spec
    const [container] = pod.containers
    t.same(container.resources, {
      requests: { cpu: '500m', memory: '512Mi' },
      limits: { cpu: '1', memory: '1Gi' },
    })
    t.match(container.image, new RegExp(`^ghcr.io/comanda/${name}@sha256:[0-9a-f]{64}$`))
    t.match(container.startupProbe, { httpGet: { path: '/health/live' }, failureThreshold: 60 })
    t.match(container.livenessProbe, { httpGet: { path: '/health/live' } })
    t.match(container.readinessProbe, { httpGet: { path: '/health/ready' } })
    t.same(container.lifecycle, { preStop: { sleep: { seconds: 5 } } })
    t.equal(pod.terminationGracePeriodSeconds, name === 'realtime' ? 120 : 45)
    t.match(pod.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0], {
      podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: spec.selector },
    })
    t.match(pod.topologySpreadConstraints, [{ topologyKey: 'topology.kubernetes.io/zone', maxSkew: 1 }])
    t.match(spec.template.metadata.labels, spec.selector.matchLabels, 'it selects its own pods')
    t.match(objects.get('PodDisruptionBudget', `comanda-${name}`).spec, {
      maxUnavailable: 1,
      selector: spec.selector,
    })
    t.match(objects.get('ServiceAccount', `comanda-${name}`), { automountServiceAccountToken: false })
  }
})

t.test('a Deployment and a Rollout have the same pods, but for what Argo counts itself', async (t) => {
  const plain = await render({ values: production })
  const canary = await render({ values: [...production, 'test/cases/canary.yaml'] })
  const pod = plain.get('Deployment', 'comanda-orders').spec.template
  const rollout = canary.get('Rollout', 'comanda-orders').spec.template
  for (const constraint of pod.spec.topologySpreadConstraints) delete constraint.matchLabelKeys
  t.same(rollout, pod)
})

t.test('a changed setting or secret replaces the pods that read it, and nothing else does', async (t) => {
  const annotations = async (...set: string[]) => {
    const objects = await render({ values: development, set })
    return objects.workloads.map(({ spec }) => spec.template.metadata.annotations)
  }
  const [, orders, , realtime] = await annotations()
  const [, changed, , untouched] = await annotations('components.orders.env.RATE_LIMIT_API=5/1m')
  t.not(changed['comanda.dev/config-digest'], orders['comanda.dev/config-digest'])
  t.same(untouched, realtime)
  const [, rotated] = await annotations('secrets.values.ACCESS_TOKEN_SECRET=another-development-secret')
  t.not(rotated['comanda.dev/secrets-digest'], orders['comanda.dev/secrets-digest'])
  t.same((await annotations('components.orders.replicas=3'))[1], orders)
})

t.test('an image is named by its digest when it has one, otherwise by its tag', async (t) => {
  const image = async (...set: string[]) => {
    const objects = await render({ values: development, set })
    return objects.get('Deployment', 'comanda-orders').spec.template.spec.containers[0].image
  }
  t.equal(await image(), 'ghcr.io/comanda/orders:0.1.0', 'the appVersion')
  t.equal(await image('image.tag=1.2.3', 'image.registry=localhost:5000'), 'localhost:5000/orders:1.2.3')
  const digest = `sha256:${'a'.repeat(64)}`
  const own = 'components.orders.image'
  t.equal(await image('image.tag=1.2.3', `${own}.digest=${digest}`), `ghcr.io/comanda/orders@${digest}`)
  t.equal(await image(`${own}.name=api`, `${own}.registry=x.test/y`, `${own}.tag=z`), 'x.test/y/api:z')
})
