import { performance } from 'node:perf_hooks'

/** The pause between two passes of a loop. */
export interface Pause {
  /** Notes that a pass begins, which answers all wakes so far. */
  begin: () => void
  /** Resolves after so many milliseconds, or earlier when the loop was woken during the pass, is woken now, or is stopped. */
  for: (milliseconds: number) => Promise<void>
  wake: () => void
}

export interface PauseOptions {
  /** How long the pause lasts at least when it is ended by `wake`. */
  wakeMilliseconds: number
  keepsProcessAlive: boolean
  /** Ends the pause when it aborts. */
  signal: AbortSignal
}

/** Makes the pause of one loop, of which there is one at a time. */
export function createPause({ wakeMilliseconds, keepsProcessAlive, signal }: PauseOptions): Pause {
  let woken = false
  let endsAt = 0
  let startedAt = 0
  let timer: NodeJS.Timeout | undefined
  let resolvePause: (() => void) | undefined

  function end(): void {
    clearTimeout(timer)
    resolvePause?.()
    resolvePause = undefined
  }

  function schedule(at: number): void {
    endsAt = at
    clearTimeout(timer)
    // On a busy machine Node counts from a moment that is already past, and fires early. A millisecond is not worth another timer.
    const elapse = () => (at - performance.now() > 1 ? schedule(at) : end())
    timer = setTimeout(elapse, Math.max(0, at - performance.now()))
    if (!keepsProcessAlive) timer.unref()
  }

  signal.addEventListener('abort', end, { once: true })
  return {
    begin() {
      woken = false
    },
    for(milliseconds) {
      const left = woken ? Math.min(milliseconds, wakeMilliseconds) : milliseconds
      if (signal.aborted || left <= 0) return Promise.resolve()
      startedAt = performance.now()
      return new Promise((resolve) => {
        resolvePause = resolve
        schedule(startedAt + left)
      })
    },
    wake() {
      woken = true
      if (resolvePause === undefined) return
      const wakesAt = startedAt + wakeMilliseconds
      if (wakesAt < endsAt) schedule(wakesAt)
    },
  }
}
