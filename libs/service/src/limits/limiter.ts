import { leases } from './leases.ts'
import { localSlidingWindow } from './local-window.ts'
import { type LimitPolicy, windowName } from './policies.ts'
import type { SlidingWindow, Verdict } from './sliding-window.ts'

/** After Redis failed, this long nobody waits for it again. */
const restMs = 1_000

export interface Limiter {
  /** Takes one request of `policy` for `key`. Never rejects: without Redis a local window takes over. */
  take(policy: LimitPolicy, key: string): Promise<Verdict>
  /** The same where it can be decided here and now, and undefined where it cannot. */
  takeNow(policy: LimitPolicy, key: string): Verdict | undefined
}

export interface LimiterOptions {
  /** The shared window; undefined when the service has no Redis. */
  shared: SlidingWindow | undefined
  /** Called when the local window takes over, once per rest. */
  onFallback: (error: unknown) => void
}

/** Limits shared by all processes through Redis (SEC-1), and by each alone while Redis is away or slow. */
export function createLimiter({ shared, onFallback }: LimiterOptions): Limiter {
  const local = localSlidingWindow()
  const leased = new Map<LimitPolicy, ReturnType<typeof leases>>()
  let restUntil = 0

  function leasesOf(policy: LimitPolicy, window: SlidingWindow) {
    let found = leased.get(policy)
    if (found === undefined) leased.set(policy, (found = leases(window, policy)))
    return found
  }

  const takeHere = (policy: LimitPolicy, key: string) => local(windowName(policy, key), policy)

  return {
    async take(policy, key) {
      if (shared === undefined || performance.now() < restUntil) return takeHere(policy, key)
      try {
        return await (policy.block > 1
          ? leasesOf(policy, shared).take(key)
          : shared(windowName(policy, key), policy, 1))
      } catch (error) {
        restUntil = performance.now() + restMs
        onFallback(error)
        return takeHere(policy, key)
      }
    },
    takeNow(policy, key) {
      if (shared === undefined || performance.now() < restUntil) return takeHere(policy, key)
      return policy.block > 1 ? leasesOf(policy, shared).takeNow(key) : undefined
    },
  }
}
