import type { IncomingHttpHeaders } from 'node:http'
import type { FastPathAnswer, FastPathLookup, FastPathUrl } from '@comanda/service'
import { LRUCache } from 'lru-cache'
import type { EntryCache } from '../cache.ts'
import type { ConsistencyToken } from '../coherence/tags.ts'
import type { MemoryEntry } from '../memory/memory-layer.ts'
import type { CachedResponse } from './cached-response.ts'
import { type SelectedAnswer, selectAnswer } from './select-answer.ts'

const mostUrls = 10_000
/** The characters of all URLs and keys together: a URL may be long, and have many spellings. */
const mostCharacters = 4_000_000

/** A URL whose answer was found once by a handler, and where that answer is. */
interface KnownUrl extends FastPathUrl {
  key: string
  /** A read of Redis that concurrent requests share. In a Map of all such reads V8 would keep every answer of Redis (ADR 14). */
  reading?: Promise<MemoryEntry<CachedResponse> | undefined> | undefined
}

/** Cached answers that need nothing of a request but its URL and a few headers; the platform sends them before Fastify (ADR 13). */
export interface FastPath {
  remember(known: KnownUrl): void
  lookUp: FastPathLookup
}

/** `readPosition` finds the position of the caller's last write: such requests are left to the handler. */
export function createFastPath(
  entries: EntryCache<CachedResponse>,
  readPosition: (headers: IncomingHttpHeaders) => ConsistencyToken | undefined,
): FastPath {
  const urls = new LRUCache<string, KnownUrl>({
    max: mostUrls,
    maxSize: mostCharacters,
    sizeCalculation: ({ url, key }) => url.length + key.length,
  })
  return {
    remember: (known) => void urls.set(known.url, known),
    lookUp({ url = '', headers }) {
      const known = urls.get(url)
      if (known === undefined || readPosition(headers) !== undefined) return undefined
      const entry = entries.peek(known.key)
      if (entry !== undefined) return answerFrom(headers, known, entry, entry.counts)
      return readRedis(known)?.then((found) => found && answerFrom(headers, known, found))
    },
  }

  function readRedis(known: KnownUrl): KnownUrl['reading'] {
    known.reading ??= entries.seek(known.key)?.finally(() => void (known.reading = undefined))
    return known.reading
  }

  function answerFrom(
    headers: IncomingHttpHeaders,
    target: KnownUrl,
    entry: MemoryEntry<CachedResponse>,
    counts?: FastPathAnswer['counts'],
  ): ReturnType<FastPathLookup> {
    // A stale entry is loaded anew by the handler.
    if (performance.now() >= entry.freshUntil) return undefined
    const selected = selectAnswer(headers, { key: target.key, entry, entries })
    const whole = (selected: SelectedAnswer) => ({ ...selected, target, ...(counts && { counts }) })
    // A body that cannot be compressed fails in the handler, where the error is reported.
    return selected instanceof Promise ? selected.then(whole, () => undefined) : whole(selected)
  }
}
