import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { roleOf, servicesWithRoles } from '../../libs/database/src/roles/rights.ts'
import { chart, development, type Objects, objectsIn, production, render, root } from './chart.ts'
import { buildK8s } from './kustomize.ts'

const folders = { development, production }

for (const [folder, values] of Object.entries(folders)) {
  t.test(`what the values of ${folder} name is what k8s/${folder} makes`, async (t) => {
    const cluster = objectsIn(await buildK8s(folder))
    const fleet = await render({ values })
    const database = cluster.get('Cluster', 'comanda-db')
    const services = [
      'comanda-db-rw',
      ...database.spec.managed.services.additional.map((it: any) => it.serviceTemplate.metadata.name),
    ]
    const env = fleet.get('ConfigMap', 'comanda-orders').data
    const hosts = [...`${env.DATABASE_URL},${env.DATABASE_REPLICA_URLS}`.matchAll(/postgres:\/\/([^:]+):/g)]
    t.same(hosts.map(([, host]) => host).toSorted(), services.toSorted())
    t.equal(
      cluster.get('Namespace', 'comanda').metadata.labels?.['pod-security.kubernetes.io/enforce'],
      'restricted',
    )
    for (const object of cluster.all) {
      if (object.kind !== 'Namespace') t.equal(object.metadata.namespace, 'comanda', object.metadata.name)
    }
    t.equal(cluster.all[0]?.kind, 'Namespace', 'it comes first')
  })
}

t.test('Postgres has the role of each service, with the login that the fleet uses', async (t) => {
  for (const [folder, values] of Object.entries(folders)) {
    const cluster = objectsIn(await buildK8s(folder))
    const { spec } = cluster.get('Cluster', 'comanda-db')
    const roles = servicesWithRoles.map(roleOf)
    t.same(
      spec.managed.roles.map(({ name, login, superuser, inRoles, passwordSecret }: any) => ({
        name,
        login,
        superuser,
        inRoles,
        passwordSecret,
      })),
      servicesWithRoles.map((service) => ({
        name: roleOf(service),
        login: true,
        superuser: undefined,
        inRoles: undefined,
        passwordSecret: { name: `comanda-db-${service}` },
      })),
      folder,
    )
    const { postInitSQL } = spec.bootstrap.initdb
    t.same(
      postInitSQL.filter((statement: string) => statement.startsWith('create')),
      roles.map((role) => `create role ${role}`),
    )
    t.ok(postInitSQL.includes('alter role comanda_analytics set default_transaction_read_only = on'))
    const fleet = await render({ values })
    for (const name of servicesWithRoles) {
      const { env } = fleet.get('Deployment', `comanda-${name}`).spec.template.spec.containers[0]
      const { secretKeyRef } = env.find((variable: any) => variable.name === 'PGPASSWORD').valueFrom
      t.equal(secretKeyRef.name, `comanda-db-${name}`)
    }
    if (folder === 'development')
      for (const service of servicesWithRoles)
        t.match(cluster.get('Secret', `comanda-db-${service}`), { type: 'kubernetes.io/basic-auth' })
  }
})

t.test(
  'Postgres has a connection for everybody of the largest fleet, with one pod in surge each',
  async (t) => {
    const fleet = await render({ values: production })
    const wanted = fleet.ofKind('HorizontalPodAutoscaler').map(({ metadata, spec }) => {
      const { DATABASE_POOL_MAX } = fleet.get('ConfigMap', metadata.name).data
      return (spec.maxReplicas + 1) * Number(DATABASE_POOL_MAX)
    })
    t.equal(wanted.length, 4)
    // Superusers, replication, the migrations and the operator.
    const reserved = 30
    const { max_connections } = objectsIn(await buildK8s('production')).get('Cluster', 'comanda-db').spec
      .postgresql.parameters
    const total = wanted.reduce((sum, one) => sum + one, 0)
    t.ok(total + reserved <= Number(max_connections), `${total} of ${max_connections}`)
  },
)

t.test(
  'an acknowledged order is on two servers, backed up every hour, and every segment of the WAL is kept',
  async (t) => {
    const cluster = objectsIn(await buildK8s('production'))
    const { spec } = cluster.get('Cluster', 'comanda-db')
    t.match(spec, {
      instances: 4,
      postgresql: {
        synchronous: { method: 'any', number: 1, dataDurability: 'required', failoverQuorum: true },
      },
      plugins: [{ isWALArchiver: true, parameters: { barmanObjectName: 'comanda-db-backups' } }],
    })
    t.match(cluster.get('ScheduledBackup', 'comanda-db-hourly').spec, {
      schedule: '0 0 * * * *',
      method: 'plugin',
      cluster: { name: 'comanda-db' },
      pluginConfiguration: { name: spec.plugins[0].name },
    })
    t.ok(cluster.get('ObjectStore', 'comanda-db-backups'))
  },
)

t.test(
  'Redis is a cluster of six with a password, bounded memory and snapshots, however it is run',
  async (t) => {
    const small = objectsIn(await buildK8s('development'))
    const large = objectsIn(await buildK8s('production'))
    t.equal(small.get('StatefulSet', 'comanda-redis').spec.replicas, 6)
    t.match(large.get('RedisCluster', 'comanda-redis').spec, { clusterSize: 3, redisLeader: { replicas: 3 } })
    const configuration = (objects: Objects, file: string) =>
      objects.ofKind('ConfigMap').find(({ data }) => data[file])?.data[file]
    for (const text of [configuration(small, 'redis.conf'), configuration(large, 'redis-additional.conf')]) {
      for (const line of ['maxmemory 2gb', 'maxmemory-policy volatile-lru', 'save 1800 1'])
        t.match(text, line)
    }
    const args: string[] = small.get('StatefulSet', 'comanda-redis').spec.template.spec.containers[0].args
    for (const argument of ['--requirepass', '--masterauth', '--cluster-announce-hostname']) {
      t.ok(args.includes(argument))
    }
  },
)

/** The first patch of each release of Redis without CVE-2025-49844, of those that are still maintained. */
const patched: Record<string, number> = { '7.4': 6, '8.0': 4, '8.2': 2, '8.4': 0 }

t.test(
  'Redis is of a maintained release without the known hole in its scripts (CVE-2025-49844)',
  async (t) => {
    const compose = readFileSync(join(root, 'compose.yaml'), 'utf8')
    const folders = await Promise.all([buildK8s('development'), buildK8s('production')])
    const images = [compose, ...folders].flatMap((text) => text.match(/(?<=image: )\S+\/redis:\S+/g) ?? [])
    t.ok(images.length >= 4)
    for (const image of images) {
      const [, release = '', patch] = /:v?(\d+\.\d+)\.(\d+)/.exec(image) ?? []
      t.ok(Number(patch) >= (patched[release] ?? Number.POSITIVE_INFINITY), image)
    }
  },
)

t.test('the policies around Postgres and Redis let the fleet through', async (t) => {
  for (const [folder, values] of Object.entries(folders)) {
    const cluster = objectsIn(await buildK8s(folder))
    const fleet = await render({ values })
    const { labels } = fleet.get('Deployment', 'comanda-orders').spec.template.metadata
    const egress = fleet.get('NetworkPolicy', 'comanda-orders').spec.egress
    for (const [name, port] of Object.entries({ 'comanda-db': 5432, 'comanda-redis': 6379 })) {
      const { spec } = cluster.get('NetworkPolicy', name)
      const [first] = spec.ingress
      t.equal(first.ports[0].port, port)
      t.match(labels, first.from[0].podSelector.matchLabels)
      const rule = egress.find(({ ports }: any) => Number(ports[0].port) === port)
      t.same(rule.to[0].podSelector, spec.podSelector, `${folder}: the fleet finds ${name} where it is`)
    }
  }
})

t.test('the gateway of k8s/ is the one that the routes hang on', async (t) => {
  const gateway = objectsIn(await buildK8s('production')).get('Gateway', 'comanda')
  const [parent] = (await render({ values: production })).get('HTTPRoute', 'comanda-orders').spec.parentRefs
  t.equal(parent.name, gateway.metadata.name)
  t.ok(gateway.spec.listeners.some(({ name }: any) => name === parent.sectionName))
  t.match(readFileSync(join(chart, 'values.yaml'), 'utf8'), 'comanda.dev/role: gateway')
})
