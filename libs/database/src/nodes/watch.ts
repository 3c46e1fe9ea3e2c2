export interface Watch {
  /** Looks at once, unless it has just looked. */
  wake: () => void
  close: () => Promise<void>
}

/** Between two looks while something is wrong, and after being woken. */
const hurryMilliseconds = 100

/**
 * Looks again and again until closed, the first time at once.
 * @param look resolves with whether all is well; must not reject
 */
export function createWatch(look: () => Promise<boolean>, everyMilliseconds: number): Watch {
  const hurry = Math.min(hurryMilliseconds, everyMilliseconds)
  let closed = false
  let woken = false
  let looking: Promise<void> | null = null
  let lookedAt = 0
  let timer: NodeJS.Timeout | undefined

  function schedule(milliseconds: number): void {
    clearTimeout(timer)
    if (!closed) timer = setTimeout(start, milliseconds).unref()
  }
  function start(): void {
    woken = false
    looking = look().then((well) => {
      looking = null
      lookedAt = Date.now()
      schedule(well && !woken ? everyMilliseconds : hurry)
    })
  }
  start()

  return {
    wake() {
      if (looking === null && !woken) schedule(Math.max(0, lookedAt + hurry - Date.now()))
      woken = true
    },
    async close() {
      closed = true
      clearTimeout(timer)
      await looking
    },
  }
}
