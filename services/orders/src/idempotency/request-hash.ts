import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/**
 * Hashes what a call is about and its body, to recognise a repetition of it. What is hashed is the canonical form of JSON (RFC 8785), so
 * that neither white space nor the order of members makes another request.
 */
export function requestHash(...parts: unknown[]): Buffer {
  return createHash('sha256')
    .update(canonicalize(parts) as string)
    .digest()
}
