import type { Timers } from './timers.ts'

/** Three quarters of what a gateway allows a connection by default; it disconnects a client that sends more. */
const perSecond = 15
const atOnce = 75

export interface SendLimiter {
  /** Resolves when one more message may be sent, in the order of the calls. A message that is no longer `wanted` by then takes nothing. */
  acquire: (wanted: () => boolean) => Promise<void>
  /** Gives a new connection its whole allowance. */
  reset: () => void
}

/** A token bucket for the messages of a connection: 75 at once, and 15 a second. */
export function createSendLimiter(timers: Timers): SendLimiter {
  let left = atOnce
  let at = Date.now()
  let queue = Promise.resolve()

  async function take(wanted: () => boolean): Promise<void> {
    if (!wanted()) return
    const now = Date.now()
    // A clock that was set back adds nothing.
    left = Math.min(atOnce, left + (Math.max(0, now - at) / 1000) * perSecond)
    at = now
    if (left < 1) await timers.wait(((1 - left) / perSecond) * 1000)
    left -= 1
  }

  return {
    acquire(wanted) {
      queue = queue.then(() => take(wanted))
      return queue
    },
    reset() {
      left = atOnce
      at = Date.now()
    },
  }
}
