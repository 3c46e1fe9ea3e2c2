import { AppError } from '@comanda/errors'
import type { Attempts, Metrics } from '@comanda/service'

/** Counts the logins that fail through the caller's fault, by the code of their answer, and otherwise does as `attempts` does. */
export function countFailedLogins(attempts: Attempts, metrics: Metrics): Attempts {
  const failed = metrics.counter({
    name: 'logins_failed_total',
    help: 'Logins that failed, by why: invalid_credentials, or rate_limited after too many of them',
    labels: ['reason'],
  })
  return {
    ...attempts,
    async login(email, address, work) {
      try {
        return await attempts.login(email, address, work)
      } catch (error) {
        if (error instanceof AppError && error.status < 500) failed.inc({ reason: error.code })
        throw error
      }
    },
  }
}
