import type { FieldError } from '../validation/field-errors.ts'
import { fieldName } from '../validation/field-name.ts'

/**
 * Finds the first parameter of a URL's query that is not percent-encoded UTF-8 or contains U+0000; `url` when the path contains it.
 * Node refuses URLs with bytes that are not ASCII, and the router paths whose escapes are not UTF-8.
 */
export function findUnfitParameter(url: string): FieldError | undefined {
  if (!url.includes('%')) return undefined
  const start = url.indexOf('?')
  const path = start === -1 ? url : url.slice(0, start)
  if (path.includes('%00')) return { field: 'url', message: 'must not contain the character U+0000' }
  for (const parameter of start === -1 ? [] : url.slice(start + 1).split('&')) {
    const message = faultOf(parameter)
    if (message !== undefined) return { field: fieldName([nameOf(parameter)]), message }
  }
  return undefined
}

function faultOf(parameter: string): string | undefined {
  if (parameter.includes('%00')) return 'must not contain the character U+0000'
  return decoded(parameter) === undefined ? 'must be percent-encoded UTF-8' : undefined
}

function nameOf(parameter: string): string {
  const name = parameter.split('=', 1)[0] as string
  return decoded(name) ?? name
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
