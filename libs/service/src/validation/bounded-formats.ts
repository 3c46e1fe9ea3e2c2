import type { Ajv } from 'ajv'
import { default as addFormats } from 'ajv-formats'

/** Longer than any text in a format that a request may have; a URL of 2,000 characters is the longest. */
const longest = 2_048

/** A UUID as Postgres reads it; the format of ajv-formats lets a urn: prefix through. */
export const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

type Check = (text: string) => boolean

/** Adds the formats of texts to a validator. None of them looks at a text that is longer than anything that has a format. */
export function addBoundedFormats(ajv: Ajv): void {
  ;(addFormats as unknown as (ajv: Ajv) => void)(ajv)
  ajv.addFormat('uuid', uuidPattern)
  for (const [name, format] of Object.entries(ajv.formats)) {
    const check = checkOf(format)
    if (check !== undefined) ajv.addFormat(name, (text: string) => text.length <= longest && check(text))
  }
}

/** How a format of texts is checked; undefined for the formats of numbers, and for those that check nothing. */
function checkOf(format: unknown): Check | undefined {
  if (format instanceof RegExp) return (text) => format.test(text)
  if (typeof format === 'function') return format as Check
  if (format === null || typeof format !== 'object') return undefined
  const { type, validate } = format as { type?: string; validate?: unknown }
  return type === 'number' ? undefined : checkOf(validate)
}
