import type { FastifyBaseLogger } from 'fastify'

/** One line for something the business cares about: `logEvent(log, 'order_placed', { orderId })`. Names are constant snake_case. */
export function logEvent(log: FastifyBaseLogger, event: string, facts: object = {}): void {
  log.info({ event, ...facts }, 'event')
}

/** Runs `work` and logs how long it took, in milliseconds, whether it succeeds or throws. */
export async function logTiming<T>(
  log: FastifyBaseLogger,
  operation: string,
  work: () => Promise<T>,
): Promise<T> {
  const start = performance.now()
  let ok = false
  try {
    const result = await work()
    ok = true
    return result
  } finally {
    log.info({ operation, ok, durationMs: Math.round((performance.now() - start) * 10) / 10 }, 'timing')
  }
}
