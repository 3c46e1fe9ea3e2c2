import type { LimitPolicy } from './policies.ts'
import type { SlidingWindow, Verdict } from './sliding-window.ts'

/** A block that is not used up by then is given up: the window in Redis has counted it, so that can only be too strict. */
const leaseMs = 1_000
const mostLeases = 20_000

interface Lease {
  left: number
  size: number
  used: number
  expiresAt: number
  resetAt: number
  pending: Promise<void> | undefined
}

/**
 * Takes requests from the shared window in blocks and counts them here. A block starts at one and doubles, up to the
 * policy's, each time it is used up before it expires, so that quiet addresses are counted exactly and busy ones cost
 * few round trips.
 */
export function leases(shared: SlidingWindow) {
  const held = new Map<string, Lease>()

  return async function take(key: string, policy: LimitPolicy): Promise<Verdict> {
    let lease = held.get(key)
    if (lease === undefined) {
      lease = { left: 0, size: 0, used: 0, expiresAt: 0, resetAt: 0, pending: undefined }
      held.set(key, lease)
      if (held.size > mostLeases) held.delete(held.keys().next().value as string)
    }
    for (;;) {
      const now = performance.now()
      if (lease.left > 0 && now < lease.expiresAt) {
        lease.left--
        return { granted: 1, used: lease.used - lease.left, resetMs: Math.max(0, lease.resetAt - now) }
      }
      // Those who come while a block is on its way wait for it instead of asking for their own.
      if (lease.pending !== undefined) await lease.pending
      else {
        const refused = await renew(lease, key, policy, now)
        if (refused !== undefined) return refused
      }
    }
  }

  async function renew(
    lease: Lease,
    key: string,
    policy: LimitPolicy,
    now: number,
  ): Promise<Verdict | undefined> {
    lease.size = now < lease.expiresAt ? Math.min(lease.size * 2, policy.block) : 1
    const done = Promise.withResolvers<void>()
    lease.pending = done.promise
    try {
      const verdict = await shared(key, policy, lease.size)
      lease.left = verdict.granted
      lease.used = verdict.used
      lease.expiresAt = performance.now() + Math.min(leaseMs, policy.windowMs)
      lease.resetAt = performance.now() + verdict.resetMs
      return verdict.granted === 0 ? verdict : undefined
    } finally {
      lease.pending = undefined
      done.resolve()
    }
  }
}
