import type { Database } from '@comanda/database'
import type { FeedEntry } from '@comanda/events'
import { startLoop } from '@comanda/loops'
import type { Logger } from '@comanda/service'
import { listNewEntries } from './feed.repository.ts'

/** What is kept of a feed while at least one stream of this process shows it. */
export interface WatchedFeed {
  cafeteriaId: string
  /** The newest number that this process has read. */
  seq: number
  /** The last entries up to it, without gaps. */
  recent: FeedEntry[]
}

export interface FeedWatch {
  /** Watches a feed that was read up to a number, until `remove` is called as often as `add`. */
  add: (cafeteriaId: string, seq: number) => WatchedFeed
  remove: (feed: WatchedFeed) => void
  stop: () => Promise<void>
}

const pollMilliseconds = 1000
const pageSize = 200
/** Entries of a feed that are kept for streams that are a little behind. */
const mostRecent = 400

/**
 * Polls all watched feeds for new entries every second: one statement for all of them, none while there are none. `onPoll` is called
 * after each poll, and every second while there is nothing to poll.
 */
export function createFeedWatch(options: { database: Database; log: Logger; onPoll: () => void }): FeedWatch {
  const { database, log, onPoll } = options
  const watched = new Map<string, WatchedFeed & { users: number }>()

  /** Resolves to whether there is more to read. */
  async function poll(): Promise<boolean> {
    const feeds = [...watched.values()].map(({ cafeteriaId, seq }) => ({ cafeteriaId, after: seq }))
    if (feeds.length === 0) return false
    const entries = await database.read('primary', (db) => listNewEntries(db, feeds, pageSize))
    const byFeed = Map.groupBy(entries, ({ cafeteriaId }) => cafeteriaId)
    for (const [cafeteriaId, news] of byFeed) {
      const feed = watched.get(cafeteriaId)
      // The feed was removed and added again meanwhile, so these entries do not follow; the next poll reads the right ones.
      if (feed?.seq !== (news[0]?.seq ?? 0) - 1) continue
      feed.recent = [...feed.recent, ...news.map(({ seq, event }) => ({ seq, event }))].slice(-mostRecent)
      feed.seq = news.at(-1)?.seq ?? feed.seq
    }
    return [...byFeed.values()].some((news) => news.length === pageSize)
  }

  const { stop } = startLoop({
    intervalMilliseconds: pollMilliseconds,
    async run() {
      try {
        return (await poll()) ? 0 : undefined
      } finally {
        onPoll()
      }
    },
    onFailure(err, failures) {
      if (failures === 1) log.warn({ err }, 'feeds cannot be streamed')
    },
    onRecovery: () => log.info({}, 'feeds are streamed again'),
  })
  return {
    add(cafeteriaId, seq) {
      const feed = watched.get(cafeteriaId) ?? { cafeteriaId, seq, recent: [], users: 0 }
      feed.users += 1
      watched.set(cafeteriaId, feed)
      return feed
    },
    remove({ cafeteriaId }) {
      const feed = watched.get(cafeteriaId)
      if (!feed) return
      feed.users -= 1
      if (feed.users === 0) watched.delete(cafeteriaId)
    },
    stop,
  }
}
