import { answerRaw } from '@comanda/service'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { EntryCache } from '../cache.ts'
import type { MemoryEntry } from '../memory/memory-layer.ts'
import { type CachedResponse, type Form, formOf, unchangedHead } from './cached-response.ts'
import { negotiateEncoding } from './encodings.ts'
import { heldEncoding } from './entity-tags.ts'

export interface AnswerOptions {
  key: string
  entry: MemoryEntry<CachedResponse>
  /** `vary` and `cache-control`, as a flat list. */
  headers: readonly string[]
  entries: EntryCache<CachedResponse>
}

/** Sends a cached answer, as a 304 when the client has it. Undefined unless something had to be compressed first. */
export function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  { key, entry, headers, entries }: AnswerOptions,
): Promise<void> | undefined {
  const response = entry.value
  const ifNoneMatch = request.headers['if-none-match']
  if (ifNoneMatch !== undefined) {
    const held = heldEncoding(ifNoneMatch, response.digest)
    if (held !== undefined) {
      answerRaw(reply, 304, unchangedHead(response, held, headers))
      return undefined
    }
  }
  const encoding =
    request.headers['x-no-compression'] === undefined
      ? negotiateEncoding(request.headers['accept-encoding'])
      : 'identity'
  const form = formOf(response, encoding, headers, (bytes) => entries.grow(key, entry, bytes))
  if (form instanceof Promise) return form.then((form) => send(reply, form))
  send(reply, form)
  return undefined
}

function send(reply: FastifyReply, { head, body }: Form): void {
  answerRaw(reply, 200, head, body)
}
