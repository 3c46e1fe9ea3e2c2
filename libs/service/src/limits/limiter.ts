import { leases } from './leases.ts'
import { localSlidingWindow } from './local-window.ts'
import { type LimitPolicy, windowName } from './policies.ts'
import type { SlidingWindow, Verdict } from './sliding-window.ts'

/** For this many milliseconds after Redis failed nobody waits for it again. */
const backOffMs = 1_000

export interface Limiter {
  /** Takes one request of `policy` for `key`. Never rejects: without Redis a local window takes over. */
  take(policy: LimitPolicy, key: string): Promise<Verdict>
  /** Takes one request without waiting; undefined, with nothing taken, when only Redis can decide. */
  takeNow(policy: LimitPolicy, key: string): Verdict | undefined
}

export interface LimiterOptions {
  /** The shared window; undefined when the service has no Redis. */
  shared: SlidingWindow | undefined
  /** Called when the local window takes over, once per back-off. */
  onFallback: (error: unknown) => void
}

/** A limiter that all processes share through Redis; each counts alone for a second after Redis failed or was slow. */
export function createLimiter({ shared, onFallback }: LimiterOptions): Limiter {
  const local = localSlidingWindow()
  const leased = new Map<LimitPolicy, ReturnType<typeof leases>>()
  let backOffUntil = 0

  function leasesOf(policy: LimitPolicy, window: SlidingWindow) {
    let found = leased.get(policy)
    if (found === undefined) leased.set(policy, (found = leases(window, policy)))
    return found
  }

  const takeHere = (policy: LimitPolicy, key: string) => local(windowName(policy, key), policy)

  return {
    async take(policy, key) {
      if (shared === undefined || performance.now() < backOffUntil) return takeHere(policy, key)
      try {
        return await (policy.block > 1
          ? leasesOf(policy, shared).take(key)
          : shared(windowName(policy, key), policy, 1))
      } catch (error) {
        backOffUntil = performance.now() + backOffMs
        onFallback(error)
        return takeHere(policy, key)
      }
    },
    takeNow(policy, key) {
      if (shared === undefined || performance.now() < backOffUntil) return takeHere(policy, key)
      return policy.block > 1 ? leasesOf(policy, shared).takeNow(key) : undefined
    },
  }
}
