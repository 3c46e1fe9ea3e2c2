import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Found, RedisLayer } from '../redis/redis-layer.ts'

/** A load that takes longer than this may be done a second time elsewhere. */
const lockMs = 5_000

/** Whoever has waited this long for the load of another process does it too. */
export const patienceMs = 2_000

export type LockOutcome =
  /** The caller holds the lock: it loads, stores, and releases. */
  | { outcome: 'locked'; release: () => Promise<void> }
  /** Redis has another entry by now than the one that was seen. */
  | { outcome: 'changed'; found: Found }
  /** The deadline has passed while another process held the lock. */
  | { outcome: 'late' }

/**
 * Waits until the caller holds the lock on loading a key, or another process has loaded it. `deadline` is on the clock of
 * `performance.now()`. Rejects when Redis does.
 */
export async function acquireLock(
  redis: RedisLayer,
  key: string,
  seen: Buffer,
  deadline: number,
): Promise<LockOutcome> {
  const token = randomUUID()
  for (let attempt = 0; ; attempt++) {
    const answer = await redis.lock(key, seen, token, lockMs)
    if (answer.lock === 'locked') return { outcome: 'locked', release: () => redis.unlock(key, token) }
    if (answer.lock === 'changed') return { outcome: 'changed', found: answer }
    const left = deadline - performance.now()
    if (left <= 0) return { outcome: 'late' }
    await sleep(Math.min(left, pauseMs(attempt)))
  }
}

/** The pause before the next attempt: from 5 to 40 ms, with a quarter of jitter. */
function pauseMs(attempt: number): number {
  return Math.min(40, 5 * 2 ** attempt) * (0.75 + Math.random() / 2)
}
