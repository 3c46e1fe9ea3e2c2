/** Timers that end with the client, so that nothing of it is left running. */
export interface Timers {
  /** Calls after some milliseconds, unless all is closed. Returns how not to. */
  later: (milliseconds: number, work: () => void) => () => void
  /** Resolves after some milliseconds, or at once when all is closed: look what is left to do. */
  wait: (milliseconds: number) => Promise<void>
  close: () => void
}

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

  return {
    later: (milliseconds, work) => (closed ? () => {} : start(milliseconds, work)),
    wait: (milliseconds) =>
      new Promise((resolve) => {
        if (closed) resolve()
        else start(milliseconds, resolve, resolve)
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
