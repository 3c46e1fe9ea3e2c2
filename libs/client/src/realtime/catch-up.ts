import type { Timers } from './timers.ts'

/** Reading what is missing, one page after the other, once at a time however many notice that something is. */
export interface CatchUp {
  /** Reads now; what is being read already is read to its end, and once more. */
  now: () => void
  /** Reads in a moment if something is still missing then. */
  soon: () => void
  running: () => boolean
  stop: () => void
}

export function createCatchUp(options: {
  /** Reads a page. Whether there is another one. */
  readPage: () => Promise<boolean>
  isBehind: () => boolean
  /** Whether there is a connection, and somebody who wants to know. */
  isPossible: () => boolean
  onDone: () => void
  timers: Timers
}): CatchUp {
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
    // What is missing may be on its way; and many screens miss the same, which they need not all ask for in one moment.
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
