import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { roleOf, servicesWithRoles } from '../libs/database/src/roles/rights.ts'
import { findServices } from '../libs/local-stack/src/fleet/services.ts'
import { readSettings } from '../libs/seed/src/cli-settings.ts'
import { loadConfig } from '../libs/service/src/config/load-config.ts'

const root = join(import.meta.dirname, '..')
const { services, volumes } = parse(readFileSync(join(root, 'compose.yaml'), 'utf8'), { merge: true })
const names = Object.keys(services)
const fleet = findServices({})

t.same(names.filter((name) => /^redis-\d$/.test(name)).length, 6, 'a cluster of six')
for (const name of ['postgres', 'postgres-catalogue', 'pgadmin', 'prometheus', 'alertmanager', 'grafana'])
  t.ok(services[name], name)

for (const { name, directory, entry, port } of fleet) {
  t.test(`${name} starts with what compose.yaml gives it`, async (t) => {
    const service = services[name]
    t.ok(service, 'it is there')
    const folder = directory.replace(`${root}/`, '')
    t.same(service.command, [`${folder}/${entry}`])
    t.equal(service.build.target, 'development')
    const exported = Object.entries(await import(join(dirname(join(directory, entry)), 'config.ts')))
    const schema = exported.find(([key]) => /configSchema$/i.test(key))?.[1] as any
    const config: any = loadConfig(schema, service.environment)
    t.equal(config.PORT, port)
    // PGUSER and PGPASSWORD are read by Postgres' client itself.
    const known = new Set([...Object.keys(schema.properties), 'PGUSER', 'PGPASSWORD'])
    t.same(
      Object.keys(service.environment).filter((variable) => !known.has(variable)),
      [],
      'knows every variable',
    )
    t.match(service.healthcheck.test.at(-1), 'process.env.PORT')
    t.equal(service.environment.PORT, String(port), 'where it is asked whether it is ready')
    if (name !== 'worker') t.same(service.ports, [`127.0.0.1:${port}:${port}`])
    for (const { path, target } of service.develop.watch) {
      t.ok(existsSync(join(root, path)), path)
      if (target) t.equal(target, `/comanda/${path}`)
    }
  })
}

t.test('whoever is named is there', async (t) => {
  let named = 0
  for (const [name, service] of Object.entries<any>(services)) {
    for (const other of Object.keys(service.depends_on ?? {}))
      t.ok(services[other], `${name} waits for ${other}`)
    for (const value of Object.values<string>(service.environment ?? {})) {
      for (const [, host = ''] of value.matchAll(/(?:@|http:\/\/|(?<=^|[ ,]))([a-z][a-z0-9-]*):\d{4}/g)) {
        named += 1
        t.ok(services[host], `${name} calls ${host}`)
      }
    }
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':')
      if (source.startsWith('./')) t.ok(existsSync(join(root, source)), `${name} reads ${source}`)
      else t.ok(source in volumes, `${name} keeps ${source}`)
    }
  }
  t.ok(named > 30, 'there was something to check')
})

t.test('roles come before migrations, these before seeds, and all of them before the fleet', async (t) => {
  for (const [name, { command, environment }] of [
    ['migrate', services.migrate],
    ['seed', services.seed],
  ] as const) {
    t.ok(existsSync(join(root, command[0])), name)
    t.ok(readSettings(environment).url)
  }
  t.match(services.roles.depends_on, { postgres: { condition: 'service_healthy' } })
  t.match(services.migrate.depends_on, { roles: { condition: 'service_completed_successfully' } })
  t.match(services.seed.depends_on, { migrate: { condition: 'service_completed_successfully' } })
  for (const name of ['analytics', 'orders', 'realtime', 'worker'])
    t.match(services[name].depends_on, {
      seed: { condition: 'service_completed_successfully' },
      'redis-cluster': {},
    })
})

t.test('each service logs in as roles.sql makes its role, whose password is its name', async (t) => {
  for (const service of servicesWithRoles) {
    const { PGUSER, PGPASSWORD } = services[service].environment
    t.same({ PGUSER, PGPASSWORD }, { PGUSER: roleOf(service), PGPASSWORD: roleOf(service) })
  }
  const { command, volumes: mounted, environment } = services.roles
  t.same(mounted, ['./compose/postgres/roles.sql:/roles.sql:ro'])
  t.ok(command.includes('--file=/roles.sql'))
  t.equal(environment.PGPASSWORD, services.postgres.environment.POSTGRES_PASSWORD)
})

t.test('nothing listens beyond this machine', async (t) => {
  const published = Object.values<any>(services).flatMap(({ ports = [] }) => ports)
  t.ok(published.length >= 8)
  t.same(
    published.filter((port: string) => !port.startsWith('127.0.0.1:')),
    [],
  )
})

t.test('Prometheus scrapes every service on its port of metrics', async (t) => {
  const { scrape_configs } = parse(readFileSync(join(root, 'compose/prometheus.yaml'), 'utf8'))
  const scraped = new Set(
    scrape_configs.flatMap((job: any) => job.static_configs.flatMap((config: any) => config.targets)),
  )
  for (const { name, port } of fleet)
    if (name !== 'payments') t.ok(scraped.has(`${name}:${port + 100}`), name)
})

t.test('whoever Prometheus asks or tells is there, and so is what exporters measure', async (t) => {
  const text = readFileSync(join(root, 'compose/prometheus.yaml'), 'utf8')
  const hosts = new Set(
    [...text.matchAll(/(?<=[[ "/])([a-z][a-z0-9-]*):\d{4}\b/g)].map(([, host = '']) => host),
  )
  hosts.delete('localhost')
  for (const host of hosts) t.ok(services[host], host)
  for (const name of names.filter((name) => /^redis-\d$/.test(name)))
    t.ok(hosts.has(name), `Redis of ${name}`)
  for (const name of [
    'postgres-exporter',
    'redis-exporter',
    'node-exporter',
    'blackbox-exporter',
    'alertmanager',
  ])
    t.ok(hosts.has(name), name)
})

t.test('postgres-exporter logs in as the role that roles.sql makes for it', async (t) => {
  const { DATA_SOURCE_USER: role, DATA_SOURCE_PASS: password } = services['postgres-exporter'].environment
  const sql = readFileSync(join(root, 'compose/postgres/roles.sql'), 'utf8')
  t.match(sql, `alter role ${role} login password '${password}'`)
  t.match(sql, `grant pg_monitor to ${role}`)
})

t.test('pgAdmin knows every Postgres', async (t) => {
  const { Servers } = JSON.parse(readFileSync(join(root, 'compose/pgadmin/servers.json'), 'utf8'))
  const hosts = Object.values<any>(Servers).map(({ Host }) => Host)
  t.same(hosts.toSorted(), names.filter((name) => /^postgres(?!-exporter)/.test(name)).toSorted())
})
