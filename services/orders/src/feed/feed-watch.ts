import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '@comanda/database'
import type { FeedEntry } from '@comanda/events'
import type { Logger } from '@comanda/service'
import { listNewEntries } from './feed.repository.ts'

/** A feed as long as a stream of this process shows it. */
export interface WatchedFeed {
  cafeteriaId: string
  /** The newest number that is known here. */
  seq: number
  /** The last entries up to it, without gaps. */
  recent: FeedEntry[]
}

export interface FeedWatch {
  /** The feed from now on, which is known up to a number. To be given back. */
  take: (cafeteriaId: string, seq: number) => WatchedFeed
  giveBack: (feed: WatchedFeed) => void
  stop: () => Promise<void>
}

const everyMilliseconds = 1000
const pageSize = 200
/** Entries of a feed that are kept for streams that are a little behind. */
const mostRecent = 400

/**
 * Looks every second for what is new in all feeds that anybody watches: one statement for all of them, none while nobody
 * does. `onLook` is called after each look, and as often while nobody watches.
 */
export function createFeedWatch(options: { database: Database; log: Logger; onLook: () => void }): FeedWatch {
  const { database, log, onLook } = options
  const watched = new Map<string, WatchedFeed & { users: number }>()
  const stopping = new AbortController()
  const { signal } = stopping

  /** Whether there is more. */
  async function look(): Promise<boolean> {
    const feeds = [...watched.values()].map(({ cafeteriaId, seq }) => ({ cafeteriaId, after: seq }))
    if (feeds.length === 0) return false
    const entries = await database.read('primary', (db) => listNewEntries(db, feeds, pageSize))
    const byFeed = Map.groupBy(entries, ({ cafeteriaId }) => cafeteriaId)
    for (const [cafeteriaId, news] of byFeed) {
      const feed = watched.get(cafeteriaId)
      // Given back and taken again meanwhile: another look will tell.
      if (feed?.seq !== (news[0]?.seq ?? 0) - 1) continue
      feed.recent = [...feed.recent, ...news.map(({ seq, event }) => ({ seq, event }))].slice(-mostRecent)
      feed.seq = news.at(-1)?.seq ?? feed.seq
    }
    return [...byFeed.values()].some((news) => news.length === pageSize)
  }

  async function loop(): Promise<void> {
    let failing = false
    while (!signal.aborted) {
      let more = false
      try {
        more = await look()
        if (failing) log.info({}, 'feeds are streamed again')
        failing = false
      } catch (err) {
        if (!failing) log.warn({ err }, 'feeds cannot be streamed')
        failing = true
      }
      onLook()
      if (!more) await wait(everyMilliseconds, undefined, { signal }).catch(() => {})
    }
  }

  const watching = loop()
  return {
    take(cafeteriaId, seq) {
      const feed = watched.get(cafeteriaId) ?? { cafeteriaId, seq, recent: [], users: 0 }
      feed.users += 1
      watched.set(cafeteriaId, feed)
      return feed
    },
    giveBack({ cafeteriaId }) {
      const feed = watched.get(cafeteriaId)
      if (!feed) return
      feed.users -= 1
      if (feed.users === 0) watched.delete(cafeteriaId)
    },
    async stop() {
      stopping.abort()
      await watching
    },
  }
}
