import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OpenApiDocument, Operation, Response } from './openapi-document.ts'

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

/**
 * A document whose operations have their responses in place, also those that are written once for several.
 * @throws when one refers to a response that is not there
 */
export function withResponses(document: OpenApiDocument): OpenApiDocument {
  const shared = document.components?.responses ?? {}
  const resolve = (response: Response): Response => {
    if (response.$ref === undefined) return response
    const found = shared[response.$ref.replace('#/components/responses/', '')]
    if (found === undefined) throw new Error(`${response.$ref} is not in the document`)
    return found
  }
  const inPlace = (operation: Operation): Operation =>
    operation.responses ? { ...operation, responses: mapValues(operation.responses, resolve) } : operation
  return { ...document, paths: mapValues(document.paths ?? {}, (path) => mapValues(path, inPlace)) }
}

function mapValues<From, To>(object: Record<string, From>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]))
}
