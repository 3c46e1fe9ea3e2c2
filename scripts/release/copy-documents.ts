import { copyFileSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Copies the document of every service over what clients were promised last, which the next ones are compared with.
 * @param services the folder of the services
 * @returns the names of those that have a document, in alphabetical order
 */
export function copyDocuments(services: string): string[] {
  const documented = readdirSync(services)
    .filter((name) => existsSync(join(services, name, 'openapi.json')))
    .toSorted()
  for (const name of documented)
    copyFileSync(join(services, name, 'openapi.json'), join(services, name, 'openapi.released.json'))
  return documented
}
