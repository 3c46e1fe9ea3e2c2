import type { MeasuredServer } from './server-process.ts'

/** Where the answers of all lookups came from. */
export interface CacheCounts {
  l1: number
  l2: number
  lookUps: number
  /** Neither layer had it. */
  misses: number
  /** Answered with 304, by a cache or not. */
  unchanged: number
}

/** What the cache of a service has counted so far; null when it has no cache. */
export async function readCacheCounts({
  metricsUrl,
}: Pick<MeasuredServer, 'metricsUrl'>): Promise<CacheCounts | null> {
  if (metricsUrl === null) return null
  const text = await (await fetch(metricsUrl)).text()
  const lines = text.split('\n')
  if (!lines.some((line) => line.startsWith('cache_hits_total'))) return null
  const sum = (name: string, label: string) =>
    lines
      .filter((line) => line.startsWith(`${name}{`) && line.includes(label))
      .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
  const l1 = sum('cache_hits_total', 'layer="memory"')
  return {
    l1,
    l2: sum('cache_hits_total', 'layer="redis"'),
    lookUps: l1 + sum('cache_misses_total', 'layer="memory"'),
    misses: sum('cache_misses_total', 'layer="redis"'),
    unchanged: sum('http_requests_total', 'status_code="304"'),
  }
}

/** What was counted while `work` ran. Null: there is no cache. */
export async function countCache<T>(
  server: MeasuredServer,
  work: () => Promise<T>,
): Promise<{ result: T; counts: CacheCounts | null }> {
  const before = await readCacheCounts(server)
  const result = await work()
  const after = await readCacheCounts(server)
  if (after === null) return { result, counts: null }
  return {
    result,
    counts: {
      l1: after.l1 - (before?.l1 ?? 0),
      l2: after.l2 - (before?.l2 ?? 0),
      lookUps: after.lookUps - (before?.lookUps ?? 0),
      misses: after.misses - (before?.misses ?? 0),
      unchanged: after.unchanged - (before?.unchanged ?? 0),
    },
  }
}
