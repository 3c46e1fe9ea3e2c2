/** What happened to the keys of one prefix. Plain numbers: a labelled counter costs more than the hit that it counts. */
export interface PrefixCounts {
  readonly prefix: string
  memoryHits: number
  memoryMisses: number
  redisHits: number
  redisMisses: number
  loads: number
  failedLoads: number
  loadSeconds: number
  evictions: number
}

export type InvalidationKind = 'tag' | 'key' | 'pattern'

export interface Counts {
  of(key: string): PrefixCounts
  all(): PrefixCounts[]
  readonly invalidations: Record<InvalidationKind, number>
  /** Commands to Redis that failed. */
  redisFailures: number
}

const mostPrefixes = 1000

/** The part of a key before its first colon: the label of its metrics. */
export function prefixOf(key: string): string {
  const end = key.indexOf(':')
  return end === -1 ? key : key.slice(0, end)
}

/** Counts of one cache, by the prefix of keys; from the thousandth prefix on, new ones share the prefix `other`. */
export function createCounts(): Counts {
  const byPrefix = new Map<string, PrefixCounts>()
  function find(prefix: string): PrefixCounts {
    let counts = byPrefix.get(prefix)
    if (counts === undefined) {
      // Someone forgot the colon: better one label for all of theirs than a series for each key.
      if (byPrefix.size >= mostPrefixes && prefix !== 'other') return find('other')
      counts = {
        prefix,
        memoryHits: 0,
        memoryMisses: 0,
        redisHits: 0,
        redisMisses: 0,
        loads: 0,
        failedLoads: 0,
        loadSeconds: 0,
        evictions: 0,
      }
      byPrefix.set(prefix, counts)
    }
    return counts
  }
  return {
    of: (key) => find(prefixOf(key)),
    all: () => [...byPrefix.values()],
    invalidations: { tag: 0, key: 0, pattern: 0 },
    redisFailures: 0,
  }
}
