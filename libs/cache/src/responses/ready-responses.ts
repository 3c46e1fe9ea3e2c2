import type { IncomingHttpHeaders } from 'node:http'
import type { FindReadyAnswer, ReadyAnswer, ReadyPlace } from '@comanda/service'
import { LRUCache } from 'lru-cache'
import type { EntryCache } from '../cache.ts'
import type { ConsistencyToken } from '../coherence/tags.ts'
import type { MemoryEntry } from '../memory/memory-layer.ts'
import type { CachedResponse } from './cached-response.ts'
import { type SelectedAnswer, selectAnswer } from './select-answer.ts'

const mostUrls = 10_000

/** Where the answer of a URL is, that was found once on the usual way. */
interface Place extends ReadyPlace {
  key: string
  /** A look into Redis that others may share. In a Map of all looks V8 would keep every answer of Redis (ADR 14). */
  looking?: Promise<MemoryEntry<CachedResponse> | undefined> | undefined
}

/** Cached answers that need nothing of a request but its URL and a few headers. */
export interface ReadyResponses {
  remember(place: Place): void
  find: FindReadyAnswer
}

export function createReadyResponses(
  entries: EntryCache<CachedResponse>,
  readPosition: (headers: IncomingHttpHeaders) => ConsistencyToken | undefined,
): ReadyResponses {
  const places = new LRUCache<string, Place>({ max: mostUrls })
  return {
    remember: (place) => void places.set(place.url, place),
    find({ url = '', headers }) {
      const place = places.get(url)
      if (place === undefined || readPosition(headers) !== undefined) return undefined
      const entry = entries.peek(place.key)
      if (entry !== undefined) return readyFrom(headers, place, entry, entry.counts)
      return look(place)?.then((found) => found && readyFrom(headers, place, found))
    },
  }

  function look(place: Place): Place['looking'] {
    place.looking ??= entries.seek(place.key)?.finally(() => void (place.looking = undefined))
    return place.looking
  }

  function readyFrom(
    headers: IncomingHttpHeaders,
    place: Place,
    entry: MemoryEntry<CachedResponse>,
    counts?: ReadyAnswer['counts'],
  ): ReturnType<FindReadyAnswer> {
    // What is stale is loaded anew on the usual way.
    if (performance.now() >= entry.freshUntil) return undefined
    const selected = selectAnswer(headers, { key: place.key, entry, entries })
    const ready = (selected: SelectedAnswer) => ({ ...selected, place, ...(counts && { counts }) })
    // One that cannot be compressed fails on the usual way, where that is told.
    return selected instanceof Promise ? selected.then(ready, () => undefined) : ready(selected)
  }
}
