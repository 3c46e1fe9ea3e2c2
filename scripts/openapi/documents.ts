import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OpenApiDocument } from './compare-documents.ts'

const services = join(import.meta.dirname, '../../services')

/** The folders below services/ that have this file, in alphabetical order. */
export function servicesWith(file: string): string[] {
  return readdirSync(services)
    .filter((name) => existsSync(join(services, name, file)))
    .toSorted()
}

export const servicePath = (name: string, file: string) => join(services, name, file)

/** @throws when there is none, or it is not JSON */
export function readDocument(name: string, file: 'openapi.json' | 'openapi.released.json'): OpenApiDocument {
  return JSON.parse(readFileSync(servicePath(name, file), 'utf8')) as OpenApiDocument
}
