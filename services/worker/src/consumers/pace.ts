/** Decides when a consumer polls: at once after a wake, and more and more rarely while there is none. */
export interface Pace {
  /** Resolves when it is time for the next poll, or when the signal aborts. */
  wait: (signal: AbortSignal) => Promise<void>
  /** Says that there are new events. */
  wake: () => void
  /** Says that a message came through, so wakes do. */
  heard: () => void
}

/** After a poll that takes long, because the database is slow, the pause is at least a third of its time. */
const leastPerRead = 1.3
/** A commit may become final a moment after its wake, so the pause grows with the time since: a fifth of it. */
const growth = 0.2
/** The longest pause in milliseconds while wakes come through, and while it is unknown whether they do. */
const slowest = 500
const slowestUnheard = 50
/** How many milliseconds after the last message wakes count as coming through, and after how many a probe is sent. */
const trusted = 1500
const probeAfter = 450

/**
 * `probe` sends a message that comes back as `heard` when wakes can come through. `leastSeconds` pass between the beginnings of two
 * polls, however many wakes there are.
 */
export function createPace(probe: () => void, { leastSeconds = 0.008 } = {}): Pace {
  let readAt = performance.now()
  let wokenAt = Number.NEGATIVE_INFINITY
  let heardAt = Number.NEGATIVE_INFINITY
  let woken = false
  let nextAt = Number.NEGATIVE_INFINITY
  /** Ends the pause at the next possible moment. */
  let hurry = () => {}

  function pauseFrom(now: number): number {
    const most = now - heardAt < trusted ? slowest : slowestUnheard
    const usual = Math.min(most, (now - wokenAt) * growth) * (0.9 + Math.random() * 0.2)
    return Math.max(woken ? 0 : usual, nextAt - now)
  }

  return {
    async wait(signal) {
      const now = performance.now()
      nextAt = readAt + Math.max(leastSeconds * 1000, leastPerRead * (now - readAt))
      if (now - heardAt > probeAfter) probe()
      const { promise, resolve } = Promise.withResolvers<void>()
      let timer = setTimeout(resolve, pauseFrom(now))
      const abort = () => resolve()
      signal.addEventListener('abort', abort)
      hurry = () => {
        clearTimeout(timer)
        const left = nextAt - performance.now()
        if (left > 0) timer = setTimeout(resolve, left)
        else resolve()
      }
      if (!signal.aborted) await promise
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      hurry = () => {}
      woken = false
      readAt = performance.now()
    },
    wake() {
      wokenAt = performance.now()
      if (woken) return
      woken = true
      hurry()
    },
    heard() {
      heardAt = performance.now()
    },
  }
}
