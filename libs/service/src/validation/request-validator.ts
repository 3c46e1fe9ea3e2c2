import { Ajv, type Options, type ValidateFunction } from 'ajv'
import { default as addFormats } from 'ajv-formats'
import type { FastifySchemaCompiler } from 'fastify'
import { closedSchema } from './closed-schema.ts'
import { commaSeparatedKeyword } from './comma-separated.ts'
import { oncePerSchemas, type SharedSchemas } from './once-per-schemas.ts'

/** Annotations that mean something to OpenAPI or to us and nothing to Ajv. */
const annotations = ['example', 'x-access', 'x-examples', commaSeparatedKeyword]

/** Listing every mistake of a huge body costs more than the body is worth; above this many values the first must do. */
const mostValuesExplained = 1_000

const common: Options = {
  removeAdditional: false,
  useDefaults: true,
  strictTypes: false,
  strictTuples: false,
  allowUnionTypes: true,
  addUsedSchema: false,
  // Compiling the meta-schema takes longer than all our schemas; strict mode refuses unknown keywords and wrong operands too.
  validateSchema: false,
}

/**
 * Validates requests: bodies strictly as JSON, query, parameters and headers with their text converted. Unknown members
 * are refused (except headers). A request that fails is validated once more to list all its mistakes, when it is small.
 */
function buildRequestValidator(sharedSchemas: SharedSchemas): FastifySchemaCompiler<object> {
  const shared = Object.values(sharedSchemas).map(closedSchema) as object[]
  const ajvs = {
    body: ajvPair(shared, { coerceTypes: false }),
    text: ajvPair(shared, { coerceTypes: 'array' }),
  }
  return ({ schema, httpPart }) => {
    const { first, all } = httpPart === 'body' ? ajvs.body : ajvs.text
    const closed = (httpPart === 'headers' ? lowerCaseHeaders(schema) : closedSchema(schema)) as object
    return explaining(first.compile(closed), () => all().compile(closed))
  }
}

/** For Fastify: a validator for each route. */
export const requestValidators = () => oncePerSchemas(buildRequestValidator)

const uuidFormat = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** `all` is only made when the first request is refused. */
function ajvPair(shared: object[], options: Options): { first: Ajv; all: () => Ajv } {
  let all: Ajv | undefined
  const build = (allErrors: boolean) => {
    const ajv = new Ajv({ ...common, ...options, allErrors })
    ;(addFormats as unknown as (ajv: Ajv) => void)(ajv)
    // The format of ajv-formats lets a urn: prefix through, which Postgres does not.
    ajv.addFormat('uuid', uuidFormat)
    ajv.addVocabulary(annotations)
    return ajv.addSchema(shared)
  }
  return { first: build(false), all: () => (all ??= build(true)) }
}

/** Node gives header names in lower case; a custom compiler, unlike Fastify's own, must see to it that the schema does too. */
function lowerCaseHeaders(schema: { properties?: Record<string, object>; required?: string[] }): object {
  const properties = Object.entries(schema.properties ?? {}).map(([name, member]): [string, object] => [
    name.toLowerCase(),
    member,
  ])
  const required = (schema.required ?? []).map((name) => name.toLowerCase())
  return { ...schema, properties: Object.fromEntries(properties), required }
}

function explaining(first: ValidateFunction, compileAll: () => ValidateFunction) {
  let all: ValidateFunction | undefined
  return function validate(data: unknown) {
    if (first(data)) return true
    if (countValues(data, mostValuesExplained) >= mostValuesExplained) return { error: first.errors as never }
    all ??= compileAll()
    all(data)
    return { error: (all.errors ?? first.errors) as never }
  }
}

/** Members and items of a JSON value, counted no further than `most`. */
function countValues(value: unknown, most: number): number {
  if (value === null || typeof value !== 'object') return 1
  let count = 1
  for (const member of Array.isArray(value) ? value : Object.values(value)) {
    if (count >= most) break
    count += countValues(member, most - count)
  }
  return count
}
