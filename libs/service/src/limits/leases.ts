import { type LimitPolicy, windowName } from './policies.ts'
import type { SlidingWindow, Verdict } from './sliding-window.ts'

/** A block that is not used up after this many milliseconds is given up; the window in Redis has counted it, so that can only be too strict. */
const leaseMs = 1_000
const mostLeases = 20_000
/** Smaller blocks are those of quiet addresses, which are counted exactly. */
const leastAhead = 8

interface Lease {
  left: number
  size: number
  used: number
  expiresAt: number
  resetAt: number
  pending: Promise<Verdict> | undefined
}

/**
 * Takes requests from the shared window of a policy in blocks and counts them here. A block starts at one and doubles, up
 * to the policy's, each time it is used up before it expires, so that quiet addresses are counted exactly and busy ones
 * cost few round trips.
 */
export function leases(shared: SlidingWindow, policy: LimitPolicy) {
  const held = new Map<string, Lease>()

  /** Takes one of the requests that are held; undefined when none is. */
  function takeHeld(lease: Lease, key: string, now: number): Verdict | undefined {
    if (lease.left === 0 || now >= lease.expiresAt) return undefined
    lease.left--
    // The next block is asked for before this one is used up, so that a busy address never waits for one.
    if (lease.size >= leastAhead && lease.left < lease.size / 4 && lease.pending === undefined) {
      lease.pending = renew(lease, key, now)
      lease.pending.catch(() => undefined)
    }
    return { granted: 1, used: lease.used - lease.left, resetMs: Math.max(0, lease.resetAt - now) }
  }

  async function take(key: string): Promise<Verdict> {
    const lease = held.get(key) ?? hold(key)
    for (;;) {
      const now = performance.now()
      const taken = takeHeld(lease, key, now)
      if (taken !== undefined) return taken
      // Requests that arrive while a block is being fetched wait for it instead of fetching their own.
      lease.pending ??= renew(lease, key, now)
      const verdict = await lease.pending
      if (verdict.granted === 0) return verdict
    }
  }

  function takeNow(key: string): Verdict | undefined {
    const lease = held.get(key)
    return lease === undefined ? undefined : takeHeld(lease, key, performance.now())
  }

  return { take, takeNow }

  function hold(key: string): Lease {
    const lease: Lease = { left: 0, size: 0, used: 0, expiresAt: 0, resetAt: 0, pending: undefined }
    held.set(key, lease)
    if (held.size > mostLeases) held.delete(held.keys().next().value as string)
    return lease
  }

  async function renew(lease: Lease, key: string, now: number): Promise<Verdict> {
    lease.size = now < lease.expiresAt ? Math.min(lease.size * 2, policy.block) : 1
    try {
      const verdict = await shared(windowName(policy, key), policy, lease.size)
      const left = performance.now() < lease.expiresAt ? lease.left : 0
      lease.left = left + verdict.granted
      lease.used = verdict.used
      lease.expiresAt = performance.now() + Math.min(leaseMs, policy.windowMs)
      lease.resetAt = performance.now() + verdict.resetMs
      return verdict
    } finally {
      lease.pending = undefined
    }
  }
}
