import type { Counts, PrefixCounts } from './counts.ts'
import { prefixOf } from './counts.ts'
import type { MemoryLayer } from './memory/memory-layer.ts'

export interface LayerStats {
  hits: number
  misses: number
  /** Hits among all lookups, from 0 to 1; null before the first. */
  hitRate: number | null
}

export interface PrefixStats {
  prefix: string
  memory: LayerStats
  redis: LayerStats
  loads: number
  failedLoads: number
  /** How long a load took on average; null before the first. */
  averageLoadMs: number | null
  evictions: number
  /** Kept by this process now. */
  entries: number
  bytes: number
}

/** What this process has done since it started. Hits of either layer count for `hitRate`. */
export interface CacheStats {
  hitRate: number | null
  memory: LayerStats & { entries: number; bytes: number; maxBytes: number; averageBytes: number | null }
  redis: LayerStats & { failures: number }
  loads: number
  failedLoads: number
  evictions: number
  invalidations: { tag: number; key: number; pattern: number }
  /** Invalidations that Redis has not taken yet. */
  pendingInvalidations: number
  /** False while changes elsewhere could be missed; entries then live for a second. */
  coherent: boolean
  prefixes: PrefixStats[]
}

export interface StatsParts {
  counts: Counts
  memory: MemoryLayer | null
  maxBytes: number
  isCoherent: () => boolean
  pending: () => number
}

/** Adds up what the counts and the memory layer say now. Rates are from 0 to 1, and null before the first lookup. */
export function collectStats({ counts, memory, maxBytes, isCoherent, pending }: StatsParts): CacheStats {
  const kept = Map.groupBy(memory?.entries ?? [], ([key]) => prefixOf(key))
  const all = counts.all()
  const sum = (count: (counts: PrefixCounts) => number) => all.reduce((total, one) => total + count(one), 0)
  const memoryHits = sum((one) => one.memoryHits)
  const redisHits = sum((one) => one.redisHits)
  const misses = sum((one) => one.memoryMisses)
  const size = memory?.size ?? 0
  const bytes = memory?.bytes ?? 0
  return {
    hitRate: rate(memoryHits + redisHits, memoryHits + misses),
    memory: {
      ...layer(memoryHits, misses),
      entries: size,
      bytes,
      maxBytes,
      averageBytes: size === 0 ? null : Math.round(bytes / size),
    },
    redis: {
      ...layer(
        redisHits,
        sum((one) => one.redisMisses),
      ),
      failures: counts.redisFailures,
    },
    loads: sum((one) => one.loads),
    failedLoads: sum((one) => one.failedLoads),
    evictions: sum((one) => one.evictions),
    invalidations: { ...counts.invalidations },
    pendingInvalidations: pending(),
    coherent: isCoherent(),
    prefixes: all.map((one) => prefixStats(one, kept.get(one.prefix) ?? [])),
  }
}

function prefixStats(counts: PrefixCounts, kept: readonly [string, { bytes: number }][]): PrefixStats {
  return {
    prefix: counts.prefix,
    memory: layer(counts.memoryHits, counts.memoryMisses),
    redis: layer(counts.redisHits, counts.redisMisses),
    loads: counts.loads,
    failedLoads: counts.failedLoads,
    averageLoadMs: counts.loads === 0 ? null : (counts.loadSeconds / counts.loads) * 1000,
    evictions: counts.evictions,
    entries: kept.length,
    bytes: kept.reduce((total, [, entry]) => total + entry.bytes, 0),
  }
}

const layer = (hits: number, misses: number): LayerStats => ({
  hits,
  misses,
  hitRate: rate(hits, hits + misses),
})

const rate = (part: number, whole: number) => (whole === 0 ? null : part / whole)
