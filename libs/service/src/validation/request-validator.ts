import { Ajv, type Options, type ValidateFunction } from 'ajv'
import type { FastifySchemaCompiler } from 'fastify'
import { addBoundedFormats } from './bounded-formats.ts'
import { closedSchema } from './closed-schema.ts'
import { commaSeparatedKeyword } from './comma-separated.ts'
import { isWorthExplaining } from './explanation-cost.ts'
import { lengthFirst } from './length-first.ts'
import { oncePerSchemas, type SharedSchemas } from './once-per-schemas.ts'
import { findUnfit } from './unfit-value.ts'

/** Annotations that mean something to OpenAPI or to us and nothing to Ajv. */
const annotations = ['example', 'x-access', 'x-examples', commaSeparatedKeyword]

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
 * are refused (except headers), and text that is too long is looked at no further. A request that fails is validated once
 * more to list all its mistakes, when it is small.
 */
function buildRequestValidator(sharedSchemas: SharedSchemas): FastifySchemaCompiler<object> {
  const shared = Object.values(sharedSchemas).map((schema) => lengthFirst(closedSchema(schema))) as object[]
  const ajvs = {
    body: ajvPair(shared, { coerceTypes: false }),
    text: ajvPair(shared, { coerceTypes: 'array' }),
  }
  return ({ schema, httpPart }) => {
    const { first, all } = httpPart === 'body' ? ajvs.body : ajvs.text
    const closed = httpPart === 'headers' ? lowerCaseHeaders(schema) : closedSchema(schema)
    const prepared = lengthFirst(closed) as object
    const validate = explaining(first.compile(prepared), () => all().compile(prepared))
    return httpPart === 'querystring' || httpPart === 'params' ? fitOnly(validate) : validate
  }
}

/** For Fastify: a validator for each route. */
export const requestValidators = () => oncePerSchemas(buildRequestValidator)

/** `all` is only made when the first request is refused. */
function ajvPair(shared: object[], options: Options): { first: Ajv; all: () => Ajv } {
  let all: Ajv | undefined
  const build = (allErrors: boolean) => {
    const ajv = new Ajv({ ...common, ...options, allErrors })
    addBoundedFormats(ajv)
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
    if (!isWorthExplaining(data)) return { error: first.errors as never }
    all ??= compileAll()
    all(data)
    return { error: (all.errors ?? first.errors) as never }
  }
}

/** Parameters have become numbers only by their validation, so they pass the gate of all input after it. */
function fitOnly(validate: ReturnType<typeof explaining>): typeof validate {
  return (data) => {
    const result = validate(data)
    const unfit = result === true ? findUnfit(data) : undefined
    if (unfit === undefined) return result
    const instancePath = unfit.path.map((part) => `/${part}`).join('')
    return { error: [{ keyword: 'unfit', instancePath, params: {}, message: unfit.message }] as never }
  }
}
