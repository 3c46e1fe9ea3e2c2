import { atScrape, type Metrics } from '@comanda/service'
import type { Counts } from './counts.ts'
import type { MemoryLayer } from './memory/memory-layer.ts'

export interface CacheMetricsParts {
  counts: Counts
  memory: MemoryLayer | null
  isCoherent: () => boolean
}

/**
 * Registers the metrics of a cache. Counts are kept as plain numbers and copied at each scrape. Returns a function that records
 * how many seconds a load took, by the prefix of its key.
 */
export function registerCacheMetrics(metrics: Metrics, { counts, memory, isCoherent }: CacheMetricsParts) {
  const labels = ['cache_key_prefix', 'layer'] as const
  const hits = metrics.counter({ name: 'cache_hits_total', help: 'Answers found, by layer', labels })
  const misses = metrics.counter({ name: 'cache_misses_total', help: 'Answers not found, by layer', labels })
  const evictions = metrics.counter({
    name: 'cache_evictions_total',
    help: 'Entries that left the memory of the process for want of room',
    labels: ['cache_key_prefix'],
  })
  const invalidations = metrics.counter({
    name: 'cache_invalidations_total',
    help: 'Tags, keys and patterns invalidated by this process',
    labels: ['kind'],
  })
  const failures = metrics.counter({
    name: 'cache_redis_failures_total',
    help: 'Times Redis did not answer the cache',
  })
  const duration = metrics.histogram({
    name: 'cache_load_duration_seconds',
    help: 'Time to load what was in no layer',
    labels: ['cache_key_prefix'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  })

  atScrape(hits, () => {
    hits.reset()
    for (const { prefix, memoryHits, redisHits } of counts.all()) {
      hits.inc({ cache_key_prefix: prefix, layer: 'memory' }, memoryHits)
      hits.inc({ cache_key_prefix: prefix, layer: 'redis' }, redisHits)
    }
  })
  atScrape(misses, () => {
    misses.reset()
    for (const { prefix, memoryMisses, redisMisses } of counts.all()) {
      misses.inc({ cache_key_prefix: prefix, layer: 'memory' }, memoryMisses)
      misses.inc({ cache_key_prefix: prefix, layer: 'redis' }, redisMisses)
    }
  })
  atScrape(evictions, () => {
    evictions.reset()
    for (const one of counts.all()) evictions.inc({ cache_key_prefix: one.prefix }, one.evictions)
  })
  atScrape(invalidations, () => {
    invalidations.reset()
    for (const [kind, count] of Object.entries(counts.invalidations)) invalidations.inc({ kind }, count)
  })
  atScrape(failures, () => {
    failures.reset()
    failures.inc(counts.redisFailures)
  })
  metrics.gauge({
    name: 'cache_bytes',
    help: 'Bytes that entries take in the memory of the process',
    collect: (gauge) => gauge.set(memory?.bytes ?? 0),
  })
  metrics.gauge({
    name: 'cache_entries',
    help: 'Entries in the memory of the process',
    collect: (gauge) => gauge.set(memory?.size ?? 0),
  })
  metrics.gauge({
    name: 'cache_coherent',
    help: '1 while every change elsewhere would be noticed',
    collect: (gauge) => gauge.set(isCoherent() ? 1 : 0),
  })
  return (prefix: string, seconds: number) => duration.observe({ cache_key_prefix: prefix }, seconds)
}
