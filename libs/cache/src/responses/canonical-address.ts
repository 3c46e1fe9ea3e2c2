import { commaSeparatedKeyword } from '@comanda/service'
import type { RouteOptions } from 'fastify'
import type { RequestAddress, UnvalidatedRequest } from './route-cache.ts'

interface ParameterSchema {
  type?: string
  format?: string
  default?: unknown
  maxLength?: number
  [commaSeparatedKeyword]?: unknown
}
type Parameters = Record<string, ParameterSchema>
type Value = string | string[] | undefined

/**
 * Makes one address of all spellings of a request that have the same answer: members of the query are sorted, those that have their
 * default are left out, numbers and UUIDs are written one way, and values between commas are sorted and named once. It gives the same
 * before and after validation. What validation would refuse stays as it is.
 */
export function canonicalAddress(route: RouteOptions): (request: UnvalidatedRequest) => RequestAddress {
  const { params, querystring } = (route.schema ?? {}) as Record<string, { properties?: Parameters }>
  const inPath = params?.properties ?? {}
  const inQuery = querystring?.properties ?? {}

  return (request) => {
    const path: Record<string, string> = {}
    for (const [name, value] of Object.entries(request.params ?? {}))
      path[name] = String(canonicalValue(value, inPath[name]))
    const query: Record<string, Value> = {}
    for (const name of Object.keys(request.query ?? {}).toSorted()) {
      const value = canonicalValue(request.query[name], inQuery[name])
      if (value !== undefined) query[name] = value
    }
    return { url: writeUrl(route.url, path, query), params: path, query }
  }
}

/** Undefined: it says what its absence says. */
function canonicalValue(given: unknown, schema: ParameterSchema = {}): Value {
  // Validation takes a list of one for its only member, and refuses longer ones.
  const value: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given
  if (Array.isArray(value)) return value.map(String)
  if (value === undefined) return undefined
  const text = String(value)
  // Only a parameter that has a default can be given as it: without one, `String` would make a default of the text "undefined".
  if (schema.default !== undefined && text === String(schema.default)) return undefined
  if (text.length > (schema.maxLength ?? Number.POSITIVE_INFINITY)) return text
  if (commaSeparatedKeyword in schema) {
    const items = text.split(',').map((item) => item.trim())
    return text.trim() === '' ? undefined : [...new Set(items)].toSorted().join(',')
  }
  if (schema.format === 'uuid') return text.toLowerCase()
  if (schema.type !== 'integer' && schema.type !== 'number') return text
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number)) return text
  return number === schema.default ? undefined : String(number)
}

function writeUrl(template: string, path: Record<string, string>, query: Record<string, Value>): string {
  const url = template.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(path[name] ?? ''))
  const text = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    for (const one of [value ?? []].flat()) text.append(name, one)
  return text.size === 0 ? url : `${url}?${text.toString()}`
}
