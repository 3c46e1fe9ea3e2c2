/** When to look for new events: at once when somebody tells of one, and more and more rarely when nobody does. */
export interface Pace {
  /** Resolves when it is time for the next look, or when the signal aborts. */
  wait: (signal: AbortSignal) => Promise<void>
  /** There is something to be found. */
  wake: () => void
  /** Wakes come through. */
  heard: () => void
}

/** Between the beginnings of two looks, in milliseconds, however many wakes there are; more on a slow database. */
const least = 8
const leastPerLook = 1.3
/** A commit may become final a moment after its wake, so the pause grows with the time since: a fifth of it. */
const growth = 0.2
/** The longest pause while wakes come through, and while nobody knows that they do. */
const slowest = 500
const slowestUnheard = 50
/** For how long it is believed that wakes come through, and how soon after the last message that is tried. */
const trusted = 1500
const probeAfter = 450

/** `probe`: sends a message that comes back as `heard` when wakes can come through. */
export function createPace(probe: () => void): Pace {
  let lookedAt = performance.now()
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
      nextAt = lookedAt + Math.max(least, leastPerLook * (now - lookedAt))
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
      lookedAt = performance.now()
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
