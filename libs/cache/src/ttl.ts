/** The classes of lifetimes, in seconds. */
export const ttlClasses = { short: 300, medium: 900, long: 3_600, veryLong: 21_600, day: 86_400 } as const

/** A class, or seconds. */
export type Ttl = keyof typeof ttlClasses | number

/** How long Redis keeps an entry that names no lifetime. */
const defaultTtlSeconds = 1_800

/** Nothing is kept longer, stale or not; what coherence depends on is kept longer than this. */
export const longestSeconds = 2 * ttlClasses.day

const jitter = 0.1

/** The lifetime in milliseconds, a tenth more or less at random, so that what was stored together does not expire together. */
export function lifetimeMs(ttl: Ttl | undefined): number {
  const seconds = typeof ttl === 'number' ? ttl : ttl === undefined ? defaultTtlSeconds : ttlClasses[ttl]
  return Math.min(seconds, ttlClasses.day) * 1000 * (1 - jitter + 2 * jitter * Math.random())
}
