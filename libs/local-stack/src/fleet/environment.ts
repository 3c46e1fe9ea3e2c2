import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { databaseUrl } from '../postgres/cluster.ts'
import { asService } from '../postgres/credentials.ts'
import type { Stack } from '../stack.ts'
import { repositoryRoot } from '../stack-options.ts'
import { serviceRuntime } from './runtime.ts'
import { findServices, type ServiceDefinition, serviceUrl } from './services.ts'

/** The purpose of each further standby; a purpose without a standby is served by the others, as libs/database does it. */
const purposes = ['catalogue', 'analytics', 'reports']

/** Reads the clone's .env, if there is one. Variables that are set already win. */
export function loadDotEnv(): void {
  const file = join(repositoryRoot, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
}

/** The environment variables with which programs of this clone reach the stack, as the owner of the database. */
export function stackEnvironment(stack: Stack, env: NodeJS.ProcessEnv): Record<string, string> {
  const services = findServices(env)
  const sandbox = services.find((service) => service.name === 'payments')
  const orders = services.find((service) => service.name === 'orders')
  const replicas = stack.postgres.standbys.map(
    (server, index) => `${purposes[index % purposes.length]}=${databaseUrl(server, 'comanda')}`,
  )
  return {
    NODE_ENV: env.NODE_ENV || 'development',
    DATABASE_URL: stack.url,
    DATABASE_REPLICA_URLS: replicas.join(','),
    REDIS_NODES: stack.redisNodes,
    PAYMENT_SANDBOX_URL: sandbox ? serviceUrl(sandbox) : 'http://127.0.0.1:3009',
    PAYMENT_SANDBOX_WEBHOOK_URL: `${orders ? serviceUrl(orders) : 'http://127.0.0.1:3001'}/v1/provider-webhooks/sandbox`,
    // A sandbox that forgot its charges would contradict the database, so both are kept and reset together.
    PAYMENT_SANDBOX_JOURNAL: join(stack.directory, 'payments.jsonl'),
  }
}

/** The environment of one service, with its own login; the metrics port is left to its default, the port plus 100. */
export function serviceEnvironment(service: ServiceDefinition, stack: Stack, env: NodeJS.ProcessEnv) {
  const ofStack = stackEnvironment(stack, env)
  return {
    ...serviceRuntime,
    ...env,
    ...ofStack,
    DATABASE_URL: asService(ofStack.DATABASE_URL ?? '', service.name),
    DATABASE_REPLICA_URLS: asService(ofStack.DATABASE_REPLICA_URLS ?? '', service.name),
    PORT: String(service.port),
    // The demo accounts have a known password, so other machines are let in only when HOST asks for it.
    HOST: env.HOST || '127.0.0.1',
  }
}
