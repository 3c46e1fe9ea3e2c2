import type { Timers } from './timers.ts'

/** Three quarters of what a gateway allows a connection by default; who sends more is sent away as a flooder. */
const perSecond = 15
const atOnce = 75

export interface Pace {
  /** Resolves when one more message may be sent, in the order of the calls; who is not wanted any more takes no turn. */
  turn: (wanted: () => boolean) => Promise<void>
  /** A new connection has its whole allowance. */
  reset: () => void
}

/** A token bucket for the messages of a connection. */
export function createPace(timers: Timers): Pace {
  let left = atOnce
  let at = Date.now()
  let queue = Promise.resolve()

  async function take(wanted: () => boolean): Promise<void> {
    if (!wanted()) return
    const now = Date.now()
    // A clock that was set back gives nothing.
    left = Math.min(atOnce, left + (Math.max(0, now - at) / 1000) * perSecond)
    at = now
    if (left < 1) await timers.wait(((1 - left) / perSecond) * 1000)
    left -= 1
  }

  return {
    turn(wanted) {
      queue = queue.then(() => take(wanted))
      return queue
    },
    reset() {
      left = atOnce
      at = Date.now()
    },
  }
}
