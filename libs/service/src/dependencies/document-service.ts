import type { Static, TObject } from 'typebox'
import { loadConfig } from '../config/load-config.ts'
import type { Service } from '../service.ts'
import { closeServiceDependencies, type ServiceDependencies } from './open-dependencies.ts'

const nowhere = {
  DATABASE_URL: 'postgres://127.0.0.1:1/none',
  DATABASE_CONNECT_SECONDS: '0.1',
  REDIS_NODES: '127.0.0.1:1',
  LOG_LEVEL: 'silent',
}

/**
 * Makes the OpenAPI document of a service. It connects to nothing: no server listens at the addresses of its configuration.
 * @param options.configSchema what the service reads from its environment
 */
export async function documentService<S extends TObject, D extends ServiceDependencies<unknown>>(options: {
  configSchema: S
  open: (config: Static<S>) => Promise<D>
  build: (dependencies: D) => Promise<Service>
}): Promise<object> {
  const { configSchema, open, build } = options
  const dependencies = await open(loadConfig(configSchema, nowhere))
  const app = await build(dependencies)
  await app.ready()
  const document = app.openapi()
  await app.close()
  await closeServiceDependencies(dependencies)
  return document
}
