import type { Verdict } from './sliding-window.ts'

/** How many windows one process keeps; the longest unused is forgotten first. */
const mostKeys = 20_000

/**
 * A sliding window in the memory of one process, which counts like the one in Redis, for when Redis is away. Time-stamps are milliseconds on any clock
 * that only goes forward.
 */
export function localSlidingWindow(now: () => number = () => performance.now()) {
  const windows = new Map<string, number[]>()

  return function take(key: string, policy: { max: number; windowMs: number }): Verdict {
    const time = now()
    const granted = windows.get(key) ?? []
    const firstInside = granted.findIndex((at) => at > time - policy.windowMs)
    granted.splice(0, firstInside === -1 ? granted.length : firstInside)
    const allowed = granted.length < policy.max
    if (allowed) granted.push(time)
    // A Map keeps the order of insertion: to insert anew is to be the most recent.
    windows.delete(key)
    windows.set(key, granted)
    if (windows.size > mostKeys) windows.delete(windows.keys().next().value as string)
    const oldest = granted[0] ?? time
    return { granted: allowed ? 1 : 0, used: granted.length, resetMs: oldest + policy.windowMs - time }
  }
}
