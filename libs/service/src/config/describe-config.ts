import type { TObject } from 'typebox'

export interface ConfigVariable {
  name: string
  description: string
  /** The default as the environment would have it; null when there is none. */
  default: string | null
  /** The start fails without it. */
  required: boolean
  /** Its default is refused in production. */
  secret: boolean
}

/** Every variable of a configuration schema, in the order of the schema, for `.env.example` and its test. */
export function describeConfig(schema: TObject): ConfigVariable[] {
  const required = new Set<string>(schema.required ?? [])
  return Object.entries(schema.properties).map(([name, property]) => {
    const { description, default: fallback, secret } = property as Record<string, unknown>
    if (typeof description !== 'string') throw new Error(`configuration variable ${name} has no description`)
    return {
      name,
      description,
      default: fallback === undefined ? null : String(fallback),
      required: required.has(name) && fallback === undefined,
      secret: secret === true,
    }
  })
}
