/**
 * Does something now and again, never twice at once; `work` must not reject. It does not keep the process alive. `now` does it
 * at once, or once more when it is being done.
 */
export function every(milliseconds: number, work: () => Promise<void>) {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let again = false
  let stopped = false

  function now(): void {
    again = true
    running ??= run().finally(() => {
      running = undefined
      if (!stopped) timer = setTimeout(now, milliseconds).unref()
    })
  }

  async function run() {
    clearTimeout(timer)
    while (again && !stopped) {
      again = false
      await work()
    }
  }

  now()
  return {
    now,
    async stop(): Promise<void> {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
