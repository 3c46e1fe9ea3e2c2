import { documentService, openServiceDependencies } from '@comanda/service/dependencies'
import { buildApp } from './app.ts'
import { type Config, configSchema } from './config.ts'

/** Makes the API's OpenAPI document, without connecting to anything. */
export function openapi(): Promise<object> {
  const open = (config: Config) => openServiceDependencies({ name: 'analytics', config })
  return documentService({ configSchema, open, build: buildApp })
}
