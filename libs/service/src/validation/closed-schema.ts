type Schema = Record<string, unknown>

/** Keywords whose members are schemas by name, lists of schemas, and single schemas. `allOf` is left open on purpose. */
const named = ['properties', 'patternProperties', '$defs', 'definitions']
const listed = ['anyOf', 'oneOf']
const single = ['items', 'additionalProperties', 'then', 'else']

/**
 * A copy of a request schema in which every object that lists its properties refuses others, unless it says itself what
 * it does with them. The branches of `allOf` see one value together, so none of them may refuse what the other one names.
 */
export function closedSchema(schema: unknown): unknown {
  if (schema === null || typeof schema !== 'object') return schema
  const copy: Schema = { ...(schema as Schema) }
  for (const key of named) if (isObject(copy[key])) copy[key] = mapValues(copy[key], closedSchema)
  for (const key of listed) if (Array.isArray(copy[key])) copy[key] = copy[key].map(closedSchema)
  for (const key of single) {
    if (Array.isArray(copy[key])) copy[key] = copy[key].map(closedSchema)
    else if (isObject(copy[key])) copy[key] = closedSchema(copy[key])
  }
  const open = copy.properties !== undefined && copy.allOf === undefined
  if (open && copy.additionalProperties === undefined && copy.unevaluatedProperties === undefined) {
    copy.additionalProperties = false
  }
  return copy
}

function isObject(value: unknown): value is Schema {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function mapValues(object: Schema, map: (value: unknown) => unknown): Schema {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]))
}
