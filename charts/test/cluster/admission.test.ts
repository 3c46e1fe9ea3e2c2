import t from 'tap'
import { cases } from '../cases.ts'
import { production, renderText } from '../chart.ts'
import { makeNamespace } from './cluster.ts'

t.test('the server takes every object of every case, warns of none, and knows every key', async (t) => {
  const namespace = await makeNamespace(t, 'admission')
  const apply = (text: string) => {
    const there = text.replaceAll(/namespace: comanda$/gm, 'namespace: admission')
    return namespace.kubectl(['apply', '--server-side', '--dry-run=server', '--filename=-'], there)
  }
  for (const [name, options] of Object.entries(cases)) {
    const { stdout, stderr } = await apply(await renderText(options))
    t.equal(stderr, '', name)
    t.ok(stdout.split('\n').length > 25, name)
  }
  const misspelt = (await renderText({ values: production })).replace('minReadySeconds', 'minReadySecond')
  await t.rejects(apply(misspelt), { message: /minReadySecond: field not declared in schema/ })
})

const restricted = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }

/** A pod that "restricted" allows, unless the arguments say otherwise. */
const pod = (
  name: string,
  { requests = { cpu: '1', memory: '1Gi' }, securityContext = restricted as object },
) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [{ name: 'a', image: 'a', securityContext, resources: { requests, limits: requests } }],
  },
})

t.test('Pod Security "restricted" is enforced: what asks for more is refused', async (t) => {
  const namespace = await makeNamespace(t, 'restricted')
  const create = (object: object) => namespace.kubectl(['create', '--filename=-'], JSON.stringify(object))
  await create(pod('fine', {}))
  const securityContext = { allowPrivilegeEscalation: true, runAsUser: 0 }
  await t.rejects(create(pod('root', { securityContext })), {
    message: /violates PodSecurity "restricted:latest": allowPrivilegeEscalation .* runAsUser=0/s,
  })
})

t.test('under a quota every pod says what it takes, and one too many is refused', async (t) => {
  const namespace = await makeNamespace(t, 'quota')
  const create = (object: object) => namespace.kubectl(['create', '--filename=-'], JSON.stringify(object))
  // Five pods of each of three components and one of each in surge, or a job.
  const hard = {
    'requests.cpu': '9',
    'requests.memory': '9Gi',
    'limits.cpu': '18',
    'limits.memory': '18Gi',
  }
  await create({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'fleet' }, spec: { hard } })
  const release = (...set: string[]) =>
    namespace.release(production, ['defaults.strategy.minReadySeconds=1', ...set])
  await namespace.helm(['install', ...release(), '--wait', '--timeout=100s'])
  await namespace.settled()
  t.equal((await namespace.get('resourcequota', 'fleet')).status.used['requests.cpu'], '7500m')
  const changed = release('config.LOG_LEVEL=debug')
  t.ok(
    await namespace.helm(['upgrade', ...changed, '--wait', '--timeout=100s']),
    'it leaves room for an upgrade',
  )
  await t.rejects(create(pod('one-too-many', { requests: { cpu: '2', memory: '1Gi' } })), {
    message: /exceeded quota: fleet, requested: requests.cpu=2/,
  })
})
