import type { IncomingHttpHeaders } from 'node:http'
import type { FindReadyAnswer, LimitName, ReadyAnswer } from '@comanda/service'
import { LRUCache } from 'lru-cache'
import type { EntryCache } from '../cache.ts'
import type { ConsistencyToken } from '../coherence/tags.ts'
import type { CachedResponse } from './cached-response.ts'
import { selectAnswer } from './select-answer.ts'

const mostUrls = 10_000

/** Where the answer of a URL is, that was found once on the usual way. */
interface Place {
  key: string
  route: string
  limit: LimitName | 'none'
  headers: readonly string[]
}

/** Cached answers that need nothing of a request but its URL and a few headers. */
export interface ReadyResponses {
  remember(url: string, place: Place): void
  find: FindReadyAnswer
}

export function createReadyResponses(
  entries: EntryCache<CachedResponse>,
  readPosition: (headers: IncomingHttpHeaders) => ConsistencyToken | undefined,
): ReadyResponses {
  const places = new LRUCache<string, Place>({ max: mostUrls })
  return {
    remember: (url, place) => void places.set(url, place),
    find({ url = '', headers }) {
      const place = places.get(url)
      if (place === undefined) return undefined
      const entry = entries.peek(place.key)
      // What is stale is loaded anew on the usual way.
      if (entry === undefined || performance.now() >= entry.freshUntil) return undefined
      if (readPosition(headers) !== undefined) return undefined
      const selected = selectAnswer(headers, { ...place, entry, entries })
      if (selected instanceof Promise) {
        // Being compressed, for which the usual way waits.
        selected.catch(() => undefined)
        return undefined
      }
      const { status, head, body } = selected
      const { route, limit } = place
      const ready: ReadyAnswer = { route, limit, status, head, counts: entry.counts }
      if (body !== undefined) ready.body = body
      return ready
    },
  }
}
