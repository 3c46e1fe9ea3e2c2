import type { Components, Content, Operation, Parameter, Schema } from './openapi-document.ts'
import type { Standing } from './schema-keywords.ts'
import { type UncomparedKeywords, uncomparedKeywords } from './uncompared-keywords.ts'

/** The keywords of an operation, whose responses are in place, that oasdiff does not compare. */
export function uncomparedParts(operation: Operation, components: Components): UncomparedKeywords {
  const found: UncomparedKeywords = new Map()
  const addSchema = (schema: Schema | undefined, name: string, standing: Standing) => {
    for (const [place, keywords] of uncomparedKeywords(schema ?? {}, { name, standing }, components)) {
      found.set(place, keywords)
    }
  }
  const addContent = (content: Content = {}, name: string) => {
    for (const [type, media] of Object.entries(content)) {
      found.set(`${name} as ${type}`, otherKeys(media, ['schema']))
      addSchema(media.schema, type === 'application/json' ? name : `${name} as ${type}`, 'body')
    }
  }

  found.set(
    'operation',
    otherKeys(operation, ['operationId', 'parameters', 'requestBody', 'responses', 'security', 'tags']),
  )
  for (const parameter of operation.parameters ?? []) {
    found.set(placeOf(parameter), otherKeys(parameter, ['in', 'name', 'required', 'schema']))
    addSchema(parameter.schema, `schema of ${placeOf(parameter)}`, 'parameter')
  }
  addContent(operation.requestBody?.content, 'body')
  for (const [status, { headers = {}, content }] of Object.entries(operation.responses ?? {})) {
    for (const [header, { schema }] of Object.entries(headers)) {
      addSchema(schema, `response ${status} header ${header}`, 'header')
    }
    addContent(content, `response ${status}`)
  }
  return found
}

const placeOf = (parameter: Parameter) => `${parameter.in} parameter ${parameter.name}`

/** What an object says besides these keys, notes and extensions. */
function otherKeys(object: object, compared: string[]): Map<string, string> {
  const passed = new Set([...compared, 'deprecated', 'description', 'example', 'examples', 'summary'])
  const others = Object.entries(object).filter(([key]) => !passed.has(key) && !key.startsWith('x-'))
  return new Map(others.map(([key, value]) => [key, JSON.stringify(value)]))
}
