/** Timers that end with the client, so that none is left running. */
export interface Timers {
  /** Calls `work` after some milliseconds, or `onClose` when the timers are closed first. Returns a function that cancels both. */
  later: (milliseconds: number, work: () => void, onClose?: () => void) => () => void
  /** Resolves after some milliseconds, or as soon as the timers are closed; the caller checks what is left to do. */
  wait: (milliseconds: number) => Promise<void>
  close: () => void
}

/** Makes timers that run until `close`. */
export function createTimers(): Timers {
  const pending = new Map<ReturnType<typeof setTimeout>, (() => void) | undefined>()
  let closed = false

  function start(milliseconds: number, work: () => void, onClose?: () => void): () => void {
    const timer = setTimeout(() => {
      pending.delete(timer)
      work()
    }, milliseconds)
    pending.set(timer, onClose)
    return () => {
      clearTimeout(timer)
      pending.delete(timer)
    }
  }

  function later(milliseconds: number, work: () => void, onClose?: () => void): () => void {
    if (!closed) return start(milliseconds, work, onClose)
    onClose?.()
    return () => {}
  }

  return {
    later,
    wait: (milliseconds) =>
      new Promise((resolve) => {
        later(milliseconds, resolve, resolve)
      }),
    close() {
      closed = true
      for (const [timer, onClose] of pending) {
        clearTimeout(timer)
        onClose?.()
      }
      pending.clear()
    },
  }
}
