/** Lets a bounded number of tasks run at once and a bounded number wait for their turn, first come first served. */
export interface Gate {
  /** Runs the task when there is room. @throws what `refuse` makes when too many are waiting already */
  run: <T>(task: () => Promise<T>) => Promise<T>
}

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
