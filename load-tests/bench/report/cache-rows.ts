import type { Measured } from './report.ts'

export interface CacheRow {
  title: string
  uncached: Measured
  l2: Measured | undefined
  l1: Measured | undefined
}

/** What was measured without the cache, and the same from its layers where they have it. */
export function cacheRows(measured: readonly Measured[]): CacheRow[] {
  const find = (name: string) => measured.find((one) => one.name === name)
  return measured
    .filter(({ name }) => name.endsWith(': uncached'))
    .map((uncached) => {
      const title = uncached.name.slice(0, -': uncached'.length)
      return { title, uncached, l2: find(`${title}: L2 hit`), l1: find(`${title}: L1 hit`) }
    })
}
