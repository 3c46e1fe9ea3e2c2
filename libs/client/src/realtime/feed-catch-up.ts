import type { Timers } from './timers.ts'

/** Reads the missing events page by page, and never twice at the same time. */
export interface FeedCatchUp {
  /** Reads now; when it reads already, it reads once more after the last page. */
  now: () => void
  /** Reads after 200 to 800 ms if something is still missing then. */
  soon: () => void
  running: () => boolean
  stop: () => void
}

/** Nothing is read before `now` or `soon` is called. */
export function createFeedCatchUp(options: {
  /** Reads a page and resolves to whether there is another one. Must not reject. */
  readPage: () => Promise<boolean>
  isBehind: () => boolean
  /** Whether there is a connection, and a listener. */
  isPossible: () => boolean
  onDone: () => void
  timers: Timers
}): FeedCatchUp {
  const { readPage, isBehind, isPossible, onDone, timers } = options
  let running = false
  let again = false
  let stopWaiting: (() => void) | undefined

  async function run(): Promise<void> {
    while (again && isPossible()) {
      again = false
      while (await readPage());
    }
  }

  function now(): void {
    again = true
    if (running) return
    running = true
    void run().then(() => {
      running = false
      if (again && isPossible()) now()
      else onDone()
    })
  }

  return {
    now,
    // What is missing may be on its way; and many screens miss it, which need not all ask in the same moment.
    soon() {
      if (stopWaiting || running || !isPossible() || !isBehind()) return
      stopWaiting = timers.later(200 + Math.random() * 600, () => {
        stopWaiting = undefined
        if (isBehind() && isPossible()) now()
      })
    },
    running: () => running,
    stop: () => stopWaiting?.(),
  }
}
