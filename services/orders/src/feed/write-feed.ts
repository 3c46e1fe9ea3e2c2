import { type EventEmitter, once } from 'node:events'
import type { FeedEntry } from '@comanda/events'
import type { WatchedFeed } from './feed-watch.ts'
import { closingEvent, entryEvent, firstLine, heartbeat } from './server-sent-events.ts'

export interface FeedWriting {
  /** The number before `entries`, which were read already. */
  after: number
  entries: readonly FeedEntry[]
  feed: WatchedFeed
  /** Emits `polled` whenever the feed may have grown, or the stream may have to end. */
  polled: EventEmitter
  /** Reads the next entries after a number, for a stream that is behind what is kept of the feed. */
  read: (after: number) => Promise<readonly FeedEntry[]>
  /** The reason why the stream must end, if any; called before everything that is written. */
  endReason: () => string | undefined
  /** Called before text is handed to the client, and when the client has read it. */
  onBlocked: (blocked: boolean) => void
}

const heartbeatMilliseconds = 15_000

/** Generates the text of one stream. It is asked for more only when its client has read the last part, so it holds a page at most. */
export async function* writeFeed(writing: FeedWriting): AsyncGenerator<string> {
  const { feed, polled, read, endReason, onBlocked } = writing
  let seq = writing.after
  let { entries } = writing
  let text = firstLine()
  let spokenAt = Date.now()
  for (;;) {
    if (entries.length > 0) {
      text += entries.map(entryEvent).join('')
      seq = entries.at(-1)?.seq ?? seq
    } else if (Date.now() - spokenAt >= heartbeatMilliseconds) text += heartbeat
    if (text !== '') {
      spokenAt = Date.now()
      onBlocked(true)
      yield text
      onBlocked(false)
      text = ''
    }
    if (seq >= feed.seq) await once(polled, 'polled')
    const reason = endReason()
    if (reason !== undefined) {
      yield closingEvent(reason)
      return
    }
    if (seq >= feed.seq) {
      entries = []
      continue
    }
    entries = entriesAfter(feed, seq) ?? (await read(seq))
    if (entries[0]?.seq === seq + 1) continue
    yield closingEvent('feed_expired')
    return
  }
}

/** Returns the kept entries after a number. Undefined: they are not kept any more. */
function entriesAfter({ recent }: WatchedFeed, seq: number): readonly FeedEntry[] | undefined {
  const at = recent.findIndex((entry) => entry.seq === seq + 1)
  return at === -1 ? undefined : recent.slice(at)
}
