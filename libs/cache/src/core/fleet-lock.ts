import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Found, RedisLayer } from '../redis/redis-layer.ts'

/** A load that takes longer than this may be done a second time elsewhere. */
const lockMs = 5_000

/** Whoever has waited this long for the load of another process does it too. */
export const patienceMs = 2_000

export type Turn =
  /** The caller loads, and lets go when it has stored. */
  | { outcome: 'locked'; release: () => Promise<void> }
  /** Something else is there than what was seen. */
  | { outcome: 'changed'; found: Found }
  | { outcome: 'late' }

/** Waits until the caller may load a key, or another process has. Rejects when Redis does. */
export async function awaitTurn(
  redis: RedisLayer,
  key: string,
  seen: Buffer,
  deadline: number,
): Promise<Turn> {
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

/** From 5 to 40 ms, and a little apart. */
function pauseMs(attempt: number): number {
  return Math.min(40, 5 * 2 ** attempt) * (0.75 + Math.random() / 2)
}
