import { startLoop } from '@comanda/loops'
import type { Logger } from '@comanda/service'

export interface PollingOptions {
  poll: (signal: AbortSignal) => Promise<void>
  /** The pause between two polls: up to a fifth more or less, so that gateways started together do not stay in step. */
  everySeconds: number
  /** What is polled, for the log. */
  watched: string
  log: Logger
}

/** Polls at once, and again and again until stopped. Logs once that it fails, and once that it recovered. */
export function startPolling({ poll, everySeconds, watched, log }: PollingOptions): {
  stop: () => Promise<void>
} {
  return startLoop({
    run: poll,
    intervalMilliseconds: everySeconds * 1000,
    jitter: 0.2,
    onFailure(err, failures) {
      if (failures === 1) log.warn({ err, watched }, 'watching failed')
    },
    onRecovery: () => log.info({ watched }, 'watching again'),
  })
}
