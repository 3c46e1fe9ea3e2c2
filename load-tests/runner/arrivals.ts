import { setTimeout as wait } from 'node:timers/promises'

export interface Arrivals {
  /** So many seconds after the beginning. */
  perSecond: (elapsedSeconds: number) => number
  /** When the last one arrives; null: when it is stopped. */
  seconds: number | null
  /** even: at equal distances; random: as people come who know nothing of one another (a Poisson process). */
  spacing: 'even' | 'random'
  random: () => number
  signal: AbortSignal
}

/** With a rate of nothing it is looked again after so long. */
const idleSeconds = 0.1

/**
 * Calls `onArrival` with the moment at which each arrival is due, by performance.now(), whatever became of those before: an open loop.
 * When this process was late, all that are due arrive at once, with the moments at which they should have. Resolves after the last one.
 */
export async function arrive(arrivals: Arrivals, onArrival: (dueAt: number) => void): Promise<void> {
  const { perSecond, seconds, spacing, random, signal } = arrivals
  const beganAt = performance.now()
  const end = seconds ?? Number.POSITIVE_INFINITY
  let due = 0
  // With random distances the first one is not due at once either.
  let first = spacing === 'even'
  for (;;) {
    const rate = perSecond(due)
    if (rate <= 0) due += idleSeconds
    else {
      if (!first) due += (spacing === 'even' ? 1 : -Math.log(1 - random())) / rate
      first = false
    }
    if (due >= end) break
    const dueAt = beganAt + due * 1000
    const early = dueAt - performance.now()
    if (early > 0) await wait(Math.ceil(early), undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    if (rate > 0) onArrival(dueAt)
  }
  const left = beganAt + end * 1000 - performance.now()
  if (left > 0) await wait(left, undefined, { signal }).catch(() => {})
}
