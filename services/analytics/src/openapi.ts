import { documentService } from '@comanda/service/dependencies'
import { buildApp } from './app.ts'
import { configSchema } from './config.ts'
import { openDependencies } from './dependencies.ts'

/** Makes the API's OpenAPI document, without connecting to anything. */
export function openapi(): Promise<object> {
  return documentService({ configSchema, open: openDependencies, build: buildApp })
}
