import { type BackoffLimits, backoff } from './backoff.ts'
import { RestError } from './rest-reads.ts'
import type { Timers } from './timers.ts'

/** A read that is retried until it succeeds, and never runs twice at the same time. */
export interface SingleRead {
  /** Asks for a read that begins after this call. */
  want: () => void
  /** Whether a read that was asked for has not succeeded yet. */
  owed: () => boolean
}

/** Reads after `want` is called, with back-off after failures, for as long as `wanted` says so. */
export function singleRead(options: {
  read: () => Promise<void>
  wanted: () => boolean
  onDone: () => void
  timers: Timers
  backoff: BackoffLimits
}): SingleRead {
  const { read, wanted, onDone, timers } = options
  let asked = 0
  let done = 0
  let running = false

  async function run(): Promise<void> {
    for (let failures = 0; done < asked && wanted(); ) {
      const goal = asked
      try {
        await read()
        done = goal
      } catch (error) {
        const atLeast = error instanceof RestError ? error.retryAfter : 0
        await timers.wait(atLeast + backoff(failures, options.backoff))
        failures += 1
      }
    }
  }

  return {
    want() {
      asked += 1
      if (running) return
      running = true
      void run().then(() => {
        running = false
        if (wanted()) onDone()
      })
    },
    owed: () => done < asked,
  }
}
