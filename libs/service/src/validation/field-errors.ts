import type { FastifySchemaValidationError } from 'fastify'
import { fieldName } from './field-name.ts'

export interface FieldError {
  /** Path in the body, query, parameters or headers, as in `items[0].quantity`; empty for the whole. */
  field: string
  message: string
}

/** A client needs the first few; an array of a thousand bad items must not become an answer of a thousand lines. */
const mostListed = 20

/** Ajv's errors as fields and messages. A composition (`anyOf`) is reported by its branches, not by itself. */
export function fieldErrors(errors: readonly FastifySchemaValidationError[]): FieldError[] {
  const found = new Map<string, FieldError>()
  for (const error of errors) {
    // It only says that `then` was not fulfilled, whose own errors say how.
    if (error.keyword === 'if') continue
    const { field, message } = fieldError(error)
    if (!found.has(field + message)) found.set(field + message, { field, message })
    if (found.size === mostListed) break
  }
  return [...found.values()]
}

function fieldError({
  keyword,
  instancePath,
  params,
  message = 'is not valid',
}: FastifySchemaValidationError): FieldError {
  if (keyword === 'required')
    return { field: join(instancePath, params.missingProperty), message: 'is required' }
  if (keyword === 'additionalProperties')
    return { field: join(instancePath, params.additionalProperty), message: 'is unknown' }
  if (keyword === 'enum') {
    return {
      field: join(instancePath),
      message: `must be one of ${(params.allowedValues as unknown[]).join(', ')}`,
    }
  }
  if (keyword === 'const')
    return { field: join(instancePath), message: `must be ${String(params.allowedValue)}` }
  return { field: join(instancePath), message }
}

/** `/items/0/note` and `x` become `items[0].note.x` (JSON Pointer, RFC 6901, with its escapes). */
function join(pointer: string, last?: unknown): string {
  const parts = pointer.split('/').slice(1)
  if (last !== undefined) parts.push(String(last))
  return fieldName(parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')))
}
