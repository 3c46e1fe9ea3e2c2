type Schema = Record<string, unknown>

/** Keywords whose value is data and not a schema. */
const data = new Set(['default', 'const', 'enum', 'example', 'examples', 'x-examples'])

/**
 * A copy of a request schema in which text that is too long is looked at no further: the pattern and the format of a text
 * with a greatest length apply only to what keeps it. Ajv does so by itself while it stops at the first error, but not
 * when it lists all of them.
 */
export function lengthFirst(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(lengthFirst)
  if (schema === null || typeof schema !== 'object') return schema
  const copy: Schema = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, data.has(key) ? value : lengthFirst(value)]),
  )
  const { maxLength, pattern, format, ...others } = copy
  if (typeof maxLength !== 'number' || (typeof pattern !== 'string' && typeof format !== 'string'))
    return copy
  const then = {
    ...(pattern !== undefined && { pattern }),
    ...(format !== undefined && { format }),
  }
  const { allOf = [] } = others as { allOf?: unknown[] }
  return { ...others, maxLength, allOf: [...allOf, { if: { maxLength }, then }] }
}
