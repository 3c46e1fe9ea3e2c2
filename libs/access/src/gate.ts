/** Bounds how many tasks run at once and how many wait, first come first served. */
export interface Gate {
  /** Runs the task when there is room. @throws what `refuse` makes when too many are waiting already */
  run: <T>(task: () => Promise<T>) => Promise<T>
}

/**
 * @param options.running how many tasks may run at once, at least 1
 * @param options.waiting how many more may wait
 * @param options.refuse makes the error for a task beyond both
 */
export function createGate(options: { running: number; waiting: number; refuse: () => Error }): Gate {
  let running = 0
  const waiting: (() => void)[] = []

  return {
    async run(task) {
      if (running >= options.running) {
        if (waiting.length >= options.waiting) throw options.refuse()
        // Whoever finishes hands its place over, so `running` does not change here.
        await new Promise<void>((resolve) => {
          waiting.push(resolve)
        })
      } else running += 1
      try {
        return await task()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else running -= 1
      }
    },
  }
}
