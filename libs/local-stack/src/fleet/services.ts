import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../stack-options.ts'

/** A package of the workspace that runs as a process: its package.json has a `comanda` key. */
export interface ServiceDefinition {
  /** The folder's name. */
  name: string
  directory: string
  /** Path of the file to run, below the directory. */
  entry: string
  port: number
  /** Path that answers 200 when the service can be used. */
  health: string
  /** Path of readable documentation; null when it has none. */
  docs: string | null
}

interface ComandaKey {
  port: number
  entry?: string
  health?: string
  docs?: string
}

/**
 * Finds every service of the workspace whose entry file exists, by port. `ORDERS_PORT` and the like change a port.
 * @throws when a package.json gives no port
 */
export function findServices(env: NodeJS.ProcessEnv): ServiceDefinition[] {
  return ['services', 'libs']
    .flatMap((parent) => readdirSync(join(repositoryRoot, parent)).map((name) => ({ parent, name })))
    .map(({ parent, name }) => describeService(join(repositoryRoot, parent, name), name, env))
    .filter((service) => service !== null)
    .toSorted((one, other) => one.port - other.port)
}

function describeService(directory: string, name: string, env: NodeJS.ProcessEnv): ServiceDefinition | null {
  const file = join(directory, 'package.json')
  if (!existsSync(file)) return null
  const { comanda } = JSON.parse(readFileSync(file, 'utf8')) as { comanda?: ComandaKey }
  if (comanda === undefined) return null
  const entry = comanda.entry ?? 'src/server.ts'
  if (!existsSync(join(directory, entry))) return null
  const port = Number(env[`${name.toUpperCase()}_PORT`] || comanda.port)
  if (!Number.isInteger(port)) throw new Error(`${file}: "comanda" needs a whole number as "port"`)
  return {
    name,
    directory,
    entry,
    port,
    health: comanda.health ?? '/health/ready',
    docs: comanda.docs ?? null,
  }
}

/** The address of a service, without a path. */
export const serviceUrl = (service: ServiceDefinition) => `http://127.0.0.1:${service.port}`
