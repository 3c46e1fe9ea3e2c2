import type { Stack } from '../stack.ts'
import { findServices, serviceUrl } from './services.ts'

/** The lines that `make up` prints once everything runs: addresses, and the demo accounts. */
export function summary(
  stack: Pick<Stack, 'primaryUrl' | 'replicaUrls' | 'redisNodes'>,
  env: NodeJS.ProcessEnv,
): string {
  const services = findServices(env)
  const rows = services.flatMap((service) => [
    [service.name, serviceUrl(service)],
    ...(service.docs === null ? [] : [[`${service.name} docs`, serviceUrl(service) + service.docs]]),
  ])
  rows.push(['postgres', stack.primaryUrl], ...stack.replicaUrls.map((url) => ['standby', url]))
  rows.push(['redis', stack.redisNodes])
  const width = Math.max(...rows.map(([label = '']) => label.length))
  const lines = rows.map(([label = '', value]) => `  ${label.padEnd(width)}  ${value}`)
  return `\ncomanda is up\n\n${lines.join('\n')}\n\n${accounts(env)}\n`
}

function accounts(env: NodeJS.ProcessEnv): string {
  const names = ['customer', 'staff', 'manager', 'admin'].map((name) => `${name}@comanda.test`)
  return `  Demo accounts: ${names.join(', ')}\n  Their password: ${env.DEMO_PASSWORD || 'comanda-demo'}`
}
