export interface JsonSchema {
  $ref?: string
  type?: string | string[]
  format?: string
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  additionalProperties?: boolean | JsonSchema
  allOf?: JsonSchema[]
  [keyword: string]: unknown
}

const integerOrString = { anyOf: [{ type: 'integer' }, { type: 'string' }] }
const quantity = { anyOf: [{ type: 'number' }, { type: 'string' }] }

/** What the server accepts though its OpenAPI says string. */
const looser: Record<string, JsonSchema> = {
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': integerOrString,
  'io.k8s.apimachinery.pkg.api.resource.Quantity': quantity,
}

/** Makes a closed JSON Schema of a schema of OpenAPI or of a CRD: an unknown key is an error, as it is for the server. */
export function closed(schema: JsonSchema): JsonSchema {
  if (schema['x-kubernetes-int-or-string'] === true) return integerOrString
  const result: JsonSchema = {}
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'properties') {
      result.properties = Object.fromEntries(
        Object.entries(value as Record<string, JsonSchema>).map(([name, property]) => [
          name,
          closed(property),
        ]),
      )
    } else if (keyword === 'items' || (keyword === 'additionalProperties' && typeof value === 'object')) {
      result[keyword] = closed(value as JsonSchema)
    } else if (keyword !== 'description' && keyword !== 'default' && !keyword.startsWith('x-')) {
      result[keyword] = value
    }
  }
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true
  if (result.properties && result.additionalProperties === undefined && !open) {
    result.additionalProperties = false
  }
  return result
}

/** The schema of one definition of an OpenAPI document, with those it refers to. */
export function selfContained(name: string, definitions: Record<string, JsonSchema>): JsonSchema {
  const used: Record<string, JsonSchema> = {}
  const waiting = [name]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (used[next]) continue
    const definition = looser[next] ?? closed(definitions[next] ?? {})
    used[next] = definition
    for (const [, other] of JSON.stringify(definition).matchAll(/"#\/definitions\/([^"]+)"/g)) {
      waiting.push(other ?? '')
    }
  }
  return { $ref: `#/definitions/${name}`, definitions: used }
}
