import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from '@comanda/service'

export interface LookAgainOptions {
  look: (signal: AbortSignal) => Promise<void>
  /** The pause between two looks: up to a fifth more or less, so that gateways started together do not stay in step. */
  everySeconds: number
  /** What is looked at, for the log. */
  watched: string
  log: Logger
}

/** Looks at once, and again and again until stopped. Says once that it fails, and once that it does no longer. */
export function lookAgain({ look, everySeconds, watched, log }: LookAgainOptions): {
  stop: () => Promise<void>
} {
  const stopping = new AbortController()
  const { signal } = stopping

  async function loop(): Promise<void> {
    let failing = false
    while (!signal.aborted) {
      try {
        await look(signal)
        if (failing) log.info({ watched }, 'watching again')
        failing = false
      } catch (err) {
        if (!failing) log.warn({ err, watched }, 'watching failed')
        failing = true
      }
      const pause = everySeconds * 1000 * (0.8 + Math.random() * 0.4)
      await wait(pause, undefined, { signal }).catch(() => {})
    }
  }

  const looking = loop()
  return {
    async stop() {
      stopping.abort()
      await looking
    },
  }
}
