/** Shorter waits end by themselves on a busy machine. In milliseconds. */
const shortest = 20_000

/** How the number that is caught counts, in milliseconds. */
const waits: [pattern: RegExp, milliseconds: number][] = [
  [/AbortSignal\.timeout\(([\d_]+)\)/, 1],
  [/\bt\.setTimeout\(([\d_]+)\)/, 1],
  [/^\s*await until\(.*, ([\d_]+)\)$/, 1],
  [/\b(?:timeout|connectTimeout|commandTimeout): ([\d_]+)/, 1],
  [/\b(?:connect|statement|idleInTransaction|maximumLag)Milliseconds: ([\d_]+)/, 1],
  [/\b(?:HEALTH_TIMEOUT|REDIS_COMMAND_TIMEOUT)_MS: '?([\d_]+)/, 1],
  [/\bDATABASE_(?:CONNECT|STATEMENT|REPORT|MAX_LAG|IDLE_IN_TRANSACTION)_SECONDS: '?([\d_.]+)/, 1000],
  [/\b(?:HANDLER|REQUEST|CONNECTION|PAYMENT)_TIMEOUT_SECONDS: '?([\d_.]+)/, 1000],
  [/\bSHUTDOWN_DEADLINE_SECONDS: '?([\d_.]+)/, 1000],
  [/\btimeoutSeconds: ([\d_.]+)/, 1000],
]

/** A comment that says so stands on the same line, or at most three lines above. */
const isMeant = /\bwait is what is tested\b/i
const linesAbove = 3

/**
 * The lines of a test, counted from 1, with a time-out that a busy machine can reach although it is not what is tested. 0 is no time-out.
 */
export function findShortWaits(source: string): number[] {
  const lines = source.split('\n')
  return lines.flatMap((line, index) => {
    const isShort = waits.some(([pattern, milliseconds]) => {
      const number = pattern.exec(line)?.[1]?.replaceAll('_', '')
      const wait = Number(number) * milliseconds
      return number !== undefined && wait > 0 && wait < shortest
    })
    const nearby = lines.slice(Math.max(0, index - linesAbove), index + 1)
    return isShort && !nearby.some((one) => isMeant.test(one)) ? [index + 1] : []
  })
}
