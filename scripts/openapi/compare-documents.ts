import { compareAccess, compareErrorCodes } from './compare-extensions.ts'
import { compareUncompared } from './compare-uncompared.ts'
import { withResponses } from './documents.ts'
import { findingsOfOasdiff } from './oasdiff.ts'
import type { OpenApiDocument, Operation } from './openapi-document.ts'

export interface ApiChange {
  /** `POST /v1/orders`; empty when the whole document is concerned. */
  operation: string
  what: string
  /** A client of the released document may fail. Otherwise it should cope, but somebody should know. */
  breaking: boolean
}

/**
 * What a client that was written against the released document has to know about the new one, without what harms
 * nobody. oasdiff compares what OpenAPI defines, as far as it does; the rest is compared here.
 * @throws when one of them refers to what is not there, or cannot be read
 */
export async function compareDocuments(
  released: OpenApiDocument,
  current: OpenApiDocument,
): Promise<ApiChange[]> {
  const findings = await findingsOfOasdiff(released, current)
  const byOasdiff = findings
    .filter(({ level }) => level > 1)
    .map(({ id, text, level, operation, path }) => ({
      operation: [operation, path].filter(Boolean).join(' '),
      what: `${text} (${id})`,
      breaking: level === 3,
    }))
  return [...byOasdiff, ...compareHere(withResponses(released), withResponses(current))]
}

function compareHere(released: OpenApiDocument, current: OpenApiDocument): ApiChange[] {
  const now = operationsOf(current)
  const components = {
    released: released.components?.schemas ?? {},
    current: current.components?.schemas ?? {},
  }
  return [...operationsOf(released)].flatMap(([key, { name, operation }]) => {
    const match = now.get(key)?.operation
    // oasdiff reports an operation that is gone.
    if (match === undefined) return []
    const unknown = compareUncompared(operation, match, components)
    return [
      ...compareAccess(operation, match),
      ...compareErrorCodes(operation, match),
      ...unknown.map((what) => ({ what, breaking: true })),
    ].map((verdict) => ({ operation: name, ...verdict }))
  })
}

/** The operations by method and path, in which the names of parameters do not matter. */
function operationsOf({ paths = {} }: OpenApiDocument) {
  const methods = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]: [string, Operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  )
  return new Map(methods.map((entry) => [entry.name.replaceAll(/\{[^}]*\}/g, '{}'), entry]))
}
