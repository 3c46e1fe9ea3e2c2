interface AtExit {
  /** Called when nothing is left to do, and may begin something. */
  beforeExit?: () => void
  /** Called at the very end, and must be done when it returns. */
  exit: () => void
}

const all: AtExit[] = []

/**
 * Has something written when the process ends. All of it shares one listener of each kind: a process may have many loggers, as those of
 * tests do, and Node takes more than ten listeners for a leak.
 */
export function atExit(one: AtExit): void {
  if (all.length === 0) {
    process.on('beforeExit', () => {
      for (const { beforeExit } of all) beforeExit?.()
    })
    process.on('exit', () => {
      for (const { exit } of all) exit()
    })
  }
  all.push(one)
}
