import t from 'tap'
import { serviceEnvironment } from '#src/fleet/environment.ts'
import { findServices } from '#src/fleet/services.ts'
import type { Stack } from '#src/stack.ts'

const stack = {
  url: 'postgres://comanda@127.0.0.1/comanda',
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
