import { isUtf8 } from 'node:buffer'
import { findIn, type Unfit } from '../validation/unfit-value.ts'

/**
 * Finds which text or name of a JSON document is not UTF-8, given bytes that are not. Read as one character per byte the document
 * has the same structure, because all of JSON but its texts and names is ASCII. The path is empty when it is no JSON either.
 */
export function findNotUtf8(bytes: Buffer): Unfit {
  // An escape stands for a character, not for bytes.
  const text = bytes.toString('latin1').replace(/\\(?:u[0-9a-f]{4}|.)/gi, '?')
  const found = findIn(parsed(text), { text: byteFault, number: () => undefined })
  return found ?? { path: [], message: 'must be UTF-8' }
}

function byteFault(text: string): string | undefined {
  return isUtf8(Buffer.from(text, 'latin1')) ? undefined : 'must be UTF-8'
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
