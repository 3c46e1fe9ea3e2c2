import type { IncomingHttpHeaders } from 'node:http'
import type { EntryCache } from '../cache.ts'
import type { MemoryEntry } from '../memory/memory-layer.ts'
import { type CachedResponse, type Form, formOf, unchangedHead } from './cached-response.ts'
import { negotiateEncoding } from './encodings.ts'
import { heldEncoding } from './entity-tags.ts'

export interface CachedAnswer {
  key: string
  entry: MemoryEntry<CachedResponse>
  entries: EntryCache<CachedResponse>
}

export interface SelectedAnswer {
  status: 200 | 304
  /** Names and values, a flat list: what belongs to this form of this answer. */
  head: readonly string[]
  body?: Buffer
}

/** What a client with these headers gets: a 304 when it has the answer. A promise when something has to be compressed first. */
export function selectAnswer(
  request: IncomingHttpHeaders,
  { key, entry, entries }: CachedAnswer,
): SelectedAnswer | Promise<SelectedAnswer> {
  const response = entry.value
  const ifNoneMatch = request['if-none-match']
  const held = ifNoneMatch === undefined ? undefined : heldEncoding(ifNoneMatch, response.digest)
  if (held !== undefined) return { status: 304, head: unchangedHead(response, held) }
  const encoding =
    request['x-no-compression'] === undefined ? negotiateEncoding(request['accept-encoding']) : 'identity'
  const form = formOf(response, encoding, (bytes) => entries.grow(key, entry, bytes))
  return form instanceof Promise ? form.then(whole) : whole(form)
}

function whole({ head, body }: Form): SelectedAnswer {
  return { status: 200, head, body }
}
