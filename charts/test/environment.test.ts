import t from 'tap'
import { sandboxConfigSchema } from '../../libs/payments/src/sandbox/config.ts'
import { loadConfig } from '../../libs/service/src/config/load-config.ts'
import { configSchema as analytics } from '../../services/analytics/src/config.ts'
import { configSchema as orders } from '../../services/orders/src/config.ts'
import { configSchema as realtime } from '../../services/realtime/src/config.ts'
import { configSchema as worker } from '../../services/worker/src/config.ts'
import { cases } from './cases.ts'
import { development, type Objects, production, render } from './chart.ts'

const schemas = { analytics, orders, realtime, worker, payments: sandboxConfigSchema }
type Name = keyof typeof schemas

// A password as a Secret would have it; production wants 32 characters.
const secret = (variable: string) => `${variable}-`.padEnd(40, 'x')

/** What the process would find in its environment. */
function environmentOf(objects: Objects, name: string): Record<string, string> {
  const workload = objects.workloads.find(({ metadata }) => metadata.name === `comanda-${name}`)
  const [container] = workload?.spec.template.spec.containers ?? []
  const config = objects.get('ConfigMap', container.envFrom[0].configMapRef.name).data
  const secrets = (container.env ?? []).map(({ name }: { name: string }) => [name, secret(name)])
  return { ...config, ...Object.fromEntries(secrets) }
}

// These are read by Postgres' client itself.
const clientVariables = ['PGUSER', 'PGPASSWORD']

for (const [label, options] of Object.entries(cases)) {
  t.test(`the services start with what the chart gives them: ${label}`, async (t) => {
    const objects = await render(options)
    for (const { metadata } of objects.workloads) {
      const name = metadata.name.replace('comanda-', '') as Name
      const env = environmentOf(objects, name)
      t.ok(loadConfig(schemas[name], env), name)
      if (name === 'payments') continue
      const known = new Set([...Object.keys(schemas[name].properties), ...clientVariables])
      t.same(
        Object.keys(env).filter((variable) => !known.has(variable)),
        [],
        `${name} knows all of them`,
      )
    }
  })
}

t.test('the services refuse production with the secrets of development', async (t) => {
  const objects = await render({ values: production })
  const env = { ...environmentOf(objects, 'orders'), ACCESS_TOKEN_SECRET: 'development-access-token-secret' }
  t.throws(() => loadConfig(orders, env), { message: /ACCESS_TOKEN_SECRET/ })
})

t.test('a process has stopped before Kubernetes kills it, and its sockets before that', async (t) => {
  const objects = await render({ values: production })
  for (const [name, grace] of Object.entries({ analytics: 45, orders: 45, realtime: 120, worker: 45 })) {
    const env = environmentOf(objects, name)
    const config = loadConfig(schemas[name as 'orders'], env)
    const preStop = 5
    t.equal(config.SHUTDOWN_DEADLINE_SECONDS, grace - preStop - 5, name)
    t.ok(config.SHUTDOWN_DRAIN_SECONDS < config.SHUTDOWN_DEADLINE_SECONDS)
  }
  const gateway = loadConfig(realtime, environmentOf(objects, 'realtime'))
  t.ok(gateway.SHUTDOWN_DRAIN_SECONDS + gateway.SOCKET_DRAIN_SECONDS < gateway.SHUTDOWN_DEADLINE_SECONDS - 5)
})

t.test('Postgres and Redis are named by the values, and no password is in a ConfigMap', async (t) => {
  const env = environmentOf(await render({ values: production }), 'orders')
  const options = '?sslmode=verify-full&sslrootcert=/etc/comanda/database-ca/ca.crt'
  t.equal(env['DATABASE_URL'], `postgres://comanda-db-rw:5432/comanda${options}`)
  t.equal(
    env['DATABASE_REPLICA_URLS'],
    ['analytics', 'catalogue', 'reports']
      .map((purpose) => `${purpose}=postgres://comanda-db-${purpose}:5432/comanda${options}`)
      .join(','),
  )
  t.match(env['REDIS_NODES'], /^comanda-redis-leader-0\.comanda-redis-leader-headless:6379,/)

  const elsewhere = environmentOf(
    await render({ values: [...production, 'test/cases/elsewhere.yaml'] }),
    'orders',
  )
  t.equal(elsewhere['DATABASE_URL'], 'postgres://postgres.example.com:6432/comanda?sslmode=verify-full')
  t.match(elsewhere, {
    REDIS_NODES: 'clustercfg.redis.example.com:6379',
    REDIS_TLS: 'on',
    REDIS_CA_FILE: '/etc/comanda/redis-ca/ca.crt',
    REDIS_USERNAME: 'comanda',
  })
  t.equal(env['REDIS_TLS'], undefined)

  const own = await render({ values: [...development, 'test/cases/own-passwords.yaml'] })
  t.notMatch(JSON.stringify(own.ofKind('ConfigMap')), /p@ss|redis-password/)
  t.match(own.get('Secret', 'comanda').stringData, {
    DATABASE_PASSWORD: 'p@ss: #word',
    DATABASE_WORKER_USERNAME: 'comanda_worker',
    DATABASE_WORKER_PASSWORD: 'worker-p@ss',
    REDIS_PASSWORD: 'redis-password',
  })
})

t.test('each component logs in as its own role, and migrations and the seed as the owner', async (t) => {
  const loginOf = ({ env }: any) =>
    Object.fromEntries(env.map(({ name, valueFrom }: any) => [name, valueFrom?.secretKeyRef]))
  for (const values of [development, production]) {
    const objects = await render({ values })
    for (const name of ['analytics', 'orders', 'realtime', 'worker']) {
      const [container] = objects.get('Deployment', `comanda-${name}`).spec.template.spec.containers
      t.match(loginOf(container), {
        PGUSER: { name: `comanda-db-${name}`, key: 'username' },
        PGPASSWORD: { name: `comanda-db-${name}`, key: 'password' },
      })
    }
    for (const job of objects.ofKind('Job'))
      t.match(loginOf(job.spec.template.spec.containers[0]), {
        PGUSER: { name: 'comanda-db-app', key: 'username' },
      })
  }
  const own = await render({ values: [...development, 'test/cases/own-passwords.yaml'] })
  const secretOf = (name: string) =>
    loginOf(own.get('Deployment', `comanda-${name}`).spec.template.spec.containers[0])
  t.match(secretOf('worker'), {
    PGUSER: { name: 'comanda', key: 'DATABASE_WORKER_USERNAME' },
    PGPASSWORD: { name: 'comanda', key: 'DATABASE_WORKER_PASSWORD' },
  })
  t.match(
    secretOf('orders'),
    { PGUSER: { name: 'comanda', key: 'DATABASE_USERNAME' } },
    'without one, the owner',
  )
})

t.test('another password of a role replaces the pods of its component alone', async (t) => {
  const digests = async (set: string[]) => {
    const objects = await render({ values: production, set })
    return ['orders', 'worker'].map(
      (name) =>
        objects.get('Deployment', `comanda-${name}`).spec.template.metadata.annotations[
          'comanda.dev/secrets-digest'
        ],
    )
  }
  const [orders, worker] = await digests([])
  const [otherOrders, sameWorker] = await digests([
    'components.orders.databaseCredentials.existingSecret=next-login',
  ])
  t.not(otherOrders, orders)
  t.equal(sameWorker, worker)
})

t.test('only the proxies that the values name are believed, and production has to name them', async (t) => {
  t.equal(environmentOf(await render({ values: production }), 'realtime')['TRUST_PROXY'], '10.2.0.0/16')
  await t.rejects(render({ values: production, set: ['trustedProxies=null'] }), /trustedProxies must name/)
  const wide = environmentOf(
    await render({ values: production, set: ['trustedProxies={uniquelocal}'] }),
    'orders',
  )
  t.throws(() => loadConfig(orders, wide), { message: /TRUST_PROXY must name the addresses/ })
})

t.test('every Secret that a pod reads is made by the chart or named by the values', async (t) => {
  const logins = ['analytics', 'app', 'ca', 'orders', 'realtime', 'worker'].map(
    (name) => `comanda-db-${name}`,
  )
  const given = [...logins, 'comanda-redis', 'comanda-secrets', 'comanda-smoke-test']
  const objects = await render({ values: production })
  t.same(objects.ofKind('Secret'), [], 'production makes none')
  const named = new Set<string>()
  JSON.stringify(objects.all, (field, value) => {
    if (field === 'secretKeyRef') named.add(value.name)
    if (field === 'secretName') named.add(value)
    return value
  })
  t.same([...named].toSorted(), given)
})

t.test('the External Secrets operator fills what the components read', async (t) => {
  const objects = await render({ values: [...production, 'test/cases/elsewhere.yaml'] })
  const external = objects.get('ExternalSecret', 'comanda').spec
  t.match(external, { target: { name: 'comanda' }, data: [{ secretKey: 'ACCESS_TOKEN_SECRET' }] })
  const { env } = objects.get('Deployment', 'comanda-orders').spec.template.spec.containers[0]
  t.ok(
    env.some(({ valueFrom }: any) => valueFrom.secretKeyRef.name === 'comanda'),
    'from the Secret that the operator makes',
  )
})
