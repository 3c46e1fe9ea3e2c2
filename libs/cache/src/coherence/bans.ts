import { globTest } from './glob.ts'
import { type CoherenceRedis, mostBans } from './scripts.ts'
import type { Topic } from './topic.ts'

interface Ban {
  number: number
  matches: (key: string) => boolean
}

/**
 * The patterns that were invalidated, as Varnish keeps them: an entry that was loaded before one and matches it is outdated,
 * wherever it is, without anybody having to find it. Numbers are those of the changes of their topic.
 */
export interface Bans {
  newest(): number
  /** Whether a ban after `since` matches the key, or may. */
  forbid(key: string, since: number): boolean
  areKnown(now: number): boolean
  add(number: number, pattern: string): void
  /** Reads the list from Redis: at first, and after a message was missed. Rejects when Redis does. */
  read(): Promise<void>
  distrust(): void
  readonly listKey: string
}

/** The bans that this process knows of. They are not known (`areKnown`) before the first `read`. */
export function createBans(topic: Topic, redis: CoherenceRedis): Bans {
  const listKey = `${topic.prefix}:list`
  let bans: Ban[] = []
  let newest = 0
  /** Before it, bans were forgotten. */
  let complete = 0
  let known = false

  function add(number: number, pattern: string) {
    if (bans.some((ban) => ban.number === number)) return
    bans.push({ number, matches: globTest(pattern) })
    if (bans.length > mostBans) {
      bans.shift()
      complete = Math.max(complete, bans[0]?.number ?? 0)
    }
    newest = Math.max(newest, number)
  }

  return {
    listKey,
    newest: () => newest,
    forbid: (key, since) => since < complete || bans.some((ban) => ban.number > since && ban.matches(key)),
    areKnown: (now) => known && now < topic.liveUntil,
    add,
    distrust: () => void (known = false),
    async read() {
      const { epoch } = topic
      const [, items, cut] = await redis.comandaCacheReadBans(topic.sequenceKey, listKey)
      const read = items.map((item) => {
        const end = item.indexOf(' ')
        return { number: Number(item.slice(0, end)), pattern: item.slice(end + 1) }
      })
      const first = read[0]?.number ?? 0
      // Those that arrived while this was read are in the list, or newer than it.
      bans = bans.filter((ban) => ban.number >= first)
      if (cut === 1) complete = Math.max(complete, first)
      for (const { number, pattern } of read) add(number, pattern)
      known = epoch === topic.epoch
    },
  }
}
