import t from 'tap'
import { serviceEnvironment, stackEnvironment } from '#src/fleet/environment.ts'
import { findServices } from '#src/fleet/services.ts'
import type { Stack } from '#src/stack.ts'

const stack = {
  url: 'postgres://comanda:comanda@127.0.0.1/comanda',
  redisNodes: '127.0.0.1:7000',
  directory: '/tmp',
  postgres: { standbys: [] },
} as unknown as Stack

t.test('services listen on the loopback unless HOST lets others in', async (t) => {
  const services = findServices({})
  t.ok(services.length >= 3)
  for (const service of services) {
    t.equal(serviceEnvironment(service, stack, {}).HOST, '127.0.0.1', service.name)
    t.equal(serviceEnvironment(service, stack, { HOST: '0.0.0.0' }).HOST, '0.0.0.0', service.name)
  }
})

t.test('services log in as their own role, also on standbys, and programs as the owner', async (t) => {
  const withStandby = { ...stack, postgres: { standbys: [{ port: 5441 }] } } as unknown as Stack
  for (const service of findServices({})) {
    const { DATABASE_URL, DATABASE_REPLICA_URLS } = serviceEnvironment(service, withStandby, {})
    if (service.name === 'payments') continue
    const login = `comanda_${service.name}:comanda_${service.name}`
    t.equal(DATABASE_URL, `postgres://${login}@127.0.0.1/comanda`)
    t.equal(DATABASE_REPLICA_URLS, `catalogue=postgres://${login}@127.0.0.1:5441/comanda`)
  }
  t.equal(stackEnvironment(withStandby, {}).DATABASE_URL, stack.url)
})
