import { type Ajv, type ErrorObject } from 'ajv'
import { envSchema } from 'env-schema'
import type { Static, TObject } from 'typebox'
import { Type } from 'typebox'
import type { baseConfig } from './base-config.ts'
import { productionRefusals } from './production-refusals.ts'

export type BaseConfig = Static<TObject<typeof baseConfig>>

type Environment = Record<string, string | undefined>

/**
 * Reads the environment once. Empty variables count as not set; unknown ones are ignored. Throws one error whose message
 * names every bad variable (never its value, which may be secret), also for what production refuses (`productionRefusals`).
 * `METRICS_PORT` becomes `PORT` + 100 when not set.
 */
export function loadConfig<S extends TObject>(schema: S, env: Environment = process.env): Static<S> {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  )
  const config = validate(schema, given)
  const problems = config.NODE_ENV === 'production' ? productionRefusals(schema, config) : []
  if (problems.length > 0) throw new Error(`bad configuration: ${problems.join('; ')}`)
  if ('METRICS_PORT' in schema.properties && config.METRICS_PORT === undefined) {
    config.METRICS_PORT = Number(config.PORT) === 0 ? 0 : Number(config.PORT) + 100
  }
  return Object.freeze(config) as Static<S>
}

function validate(schema: TObject, data: Environment): Record<string, unknown> {
  try {
    // A copy, because env-schema writes into the schema it is given.
    const copy = Type.Object(schema.properties)
    const customOptions = (ajv: Ajv) => ajv.addVocabulary(['secret'])
    return envSchema<Record<string, unknown>>({ schema: copy, data, env: false, ajv: { customOptions } })
  } catch (error) {
    const { errors } = error as { errors?: ErrorObject[] }
    if (!errors) throw error
    throw new Error(`bad configuration: ${describe(errors).join('; ')}`, { cause: error })
  }
}

/** One sentence per variable; a union reports each of its branches, which are one list of allowed values to a reader. */
function describe(errors: ErrorObject[]): string[] {
  const sentences = new Map<string, string>()
  for (const { keyword, instancePath, params, message } of errors) {
    const variable = keyword === 'required' ? String(params.missingProperty) : instancePath.slice(1)
    if (keyword === 'required') sentences.set(variable, `${variable} is missing`)
    else if (keyword === 'const') {
      const before = sentences.get(variable)
      sentences.set(variable, `${before ? `${before} or` : `${variable} must be`} ${params.allowedValue}`)
    } else if (keyword !== 'anyOf') sentences.set(variable, `${variable} ${message}`)
  }
  return [...sentences.values()]
}
