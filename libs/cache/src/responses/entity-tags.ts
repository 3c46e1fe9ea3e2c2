import { createHash } from 'node:crypto'
import type { Encoding } from './encodings.ts'

/** The first 132 bits of the body's SHA-256 as 22 characters of base64url: the same in every process, and after every load that finds the same. */
export function digestOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('base64url').slice(0, 22)
}

/** A strong entity tag, so each encoding has its own (RFC 9110, 8.8.3.3). */
export function entityTag(digest: string, encoding: Encoding): string {
  return encoding === 'identity' ? `"${digest}"` : `"${digest}-${encoding}"`
}

const encodingsOfTags: Record<string, Encoding> = {
  '': 'identity',
  '-gzip': 'gzip',
  '-br': 'br',
  '-zstd': 'zstd',
}

/**
 * The encoding of ours that `if-none-match` says the client has, or undefined when it has none. Compared weakly (RFC 9110,
 * 13.1.2): a proxy that compresses anew makes our tags weak. Whichever encoding it has, it is the current answer.
 */
export function heldEncoding(ifNoneMatch: string, digest: string): Encoding | undefined {
  if (ifNoneMatch === '*') return 'identity'
  const start = ifNoneMatch.indexOf(digest)
  if (start === -1 || ifNoneMatch[start - 1] !== '"') return undefined
  const end = ifNoneMatch.indexOf('"', start)
  if (end === -1) return undefined
  return encodingsOfTags[ifNoneMatch.slice(start + digest.length, end)]
}
