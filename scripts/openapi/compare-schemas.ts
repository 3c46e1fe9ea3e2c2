/** As much of JSON Schema as the documents of this repository use. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  pattern?: string
  format?: string
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
}

export type Components = Record<string, Schema>

export interface Mismatch {
  /** Where in the value: `items[].note`; empty for the value itself. */
  path: string
  what: string
  /** A value that is only new or longer than before: a client should cope with it in a response. */
  mild: boolean
}

export interface Comparison {
  /** Clients send closed bodies, but ignore what they do not know in an answer. */
  direction: 'request' | 'response'
  /** Of the document that each of the two schemas is from. */
  fromComponents: Components
  intoComponents: Components
  /** Pairs of components that are being compared further up, for schemas that contain themselves. */
  comparing?: ReadonlySet<string>
}

/**
 * Why some values of the one schema are not values of the other; empty when all are. What clients send fits when the
 * released schema fits into the new one; what they get, when the new one fits into the released one.
 */
export function mismatches(from: Schema, into: Schema, comparison: Comparison): Mismatch[] {
  if (from.$ref !== undefined && into.$ref !== undefined) {
    const pair = `${from.$ref} ${into.$ref}`
    if (comparison.comparing?.has(pair)) return []
    comparison = { ...comparison, comparing: new Set([...(comparison.comparing ?? []), pair]) }
  }
  const one = resolve(from, comparison.fromComponents)
  const other = resolve(into, comparison.intoComponents)
  const alternatives = one.anyOf ?? one.oneOf
  if (alternatives) return alternatives.flatMap((each) => mismatches(each, other, comparison))
  const choices = other.anyOf ?? other.oneOf
  if (choices) return fewest(choices.map((each) => mismatches(one, each, comparison)))

  const types = typeMismatches(one, other, comparison)
  if (types.length > 0) return types
  return [
    ...valueMismatches(one, other, comparison),
    ...limitMismatches(one, other, comparison),
    ...propertyMismatches(one, other, comparison),
    ...(one.items && other.items ? mismatches(one.items, other.items, comparison).map(below('[]')) : []),
  ]
}

/** References followed, and the parts of an allOf put together. */
export function resolve(schema: Schema, components: Components): Schema {
  if (schema.$ref !== undefined) {
    const { $ref, ...rest } = schema
    const target = components[$ref.replace('#/components/schemas/', '')]
    if (target === undefined) throw new Error(`${$ref} is not in the document`)
    return { ...resolve(target, components), ...rest }
  }
  if (schema.allOf === undefined) return schema
  const { allOf, ...rest } = schema
  const parts = [...allOf.map((part) => resolve(part, components)), rest]
  const properties = parts.map((part) => part.properties ?? {})
  return {
    ...(Object.assign({}, ...parts) as Schema),
    properties: Object.assign({}, ...properties) as Record<string, Schema>,
    required: parts.flatMap((part) => part.required ?? []),
  }
}

const fewest = (lists: Mismatch[][]) => lists.toSorted((a, b) => a.length - b.length)[0] ?? []

/** `type was string, is now integer`, whichever of the two is the released one. */
function changed(name: string, from: Limit, into: Limit, { direction }: Comparison): string {
  const [was, now] = direction === 'request' ? [from, into] : [into, from]
  return `${name} was ${was ?? 'anything'}, is now ${now ?? 'anything'}`
}

type Limit = string | number | undefined

function typeMismatches(from: Schema, into: Schema, comparison: Comparison): Mismatch[] {
  if (into.type === undefined) return []
  const accepted = [into.type].flat()
  const given = from.type === undefined ? undefined : [from.type].flat()
  const fits = (type: string) =>
    accepted.includes(type) || (type === 'integer' && accepted.includes('number'))
  if (given?.every(fits)) return []
  const what = changed('type', given?.join(' or '), accepted.join(' or '), comparison)
  return [{ path: '', what, mild: false }]
}

const valuesOf = (schema: Schema) => ('const' in schema ? [schema.const] : schema.enum)

function valueMismatches(from: Schema, into: Schema, comparison: Comparison): Mismatch[] {
  const accepted = valuesOf(into)
  if (accepted === undefined) return []
  const given = valuesOf(from)
  if (given === undefined) {
    return [{ path: '', what: changed('value', undefined, accepted.join(' or '), comparison), mild: false }]
  }
  const verdict = comparison.direction === 'request' ? 'is no longer accepted' : 'is a new value'
  const unknown = given.filter((value) => !accepted.includes(value))
  return unknown.map((value) => ({ path: '', what: `${JSON.stringify(value)} ${verdict}`, mild: true }))
}

const least = ['minimum', 'minLength', 'minItems'] as const
const most = ['maximum', 'maxLength', 'maxItems'] as const
const exact = ['pattern', 'format'] as const

function limitMismatches(from: Schema, into: Schema, comparison: Comparison): Mismatch[] {
  const narrower = [
    ...least.filter((key) => (into[key] ?? -Infinity) > (from[key] ?? -Infinity)),
    ...most.filter((key) => (into[key] ?? Infinity) < (from[key] ?? Infinity)),
    ...exact.filter((key) => into[key] !== undefined && into[key] !== from[key]),
  ]
  return narrower.map((key) => ({
    path: '',
    what: changed(key, from[key], into[key], comparison),
    mild: true,
  }))
}

function propertyMismatches(from: Schema, into: Schema, comparison: Comparison): Mismatch[] {
  const given = from.properties ?? {}
  const accepted = into.properties ?? {}
  const surplus = Object.keys(given).filter((name) => !(name in accepted))
  const missing = Object.keys(accepted).filter((name) => !(name in given))
  const optional = (into.required ?? []).filter((name) => !from.required?.includes(name))
  const problem = (what: string) => (path: string) => ({ path, what, mild: false })
  const both = Object.entries(accepted).flatMap(([name, schema]) => {
    const property = given[name]
    return property ? mismatches(property, schema, comparison).map(below(name)) : []
  })
  if (comparison.direction === 'request') {
    const refused = into.additionalProperties === false ? surplus : []
    return [
      ...refused.map(problem('is no longer known')),
      ...optional.map(problem('is now required')),
      ...both,
    ]
  }
  const mayBeMissing = optional.filter((name) => name in given)
  return [...missing.map(problem('is gone')), ...mayBeMissing.map(problem('may now be missing')), ...both]
}

const below = (name: string) => (mismatch: Mismatch) => ({
  ...mismatch,
  path: [name, mismatch.path].filter(Boolean).join('.').replaceAll('.[]', '[]'),
})
