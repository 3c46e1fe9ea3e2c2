import { type BackoffLimits, backoff } from '../realtime/backoff.ts'
import { ProblemError } from './problem-error.ts'

/** How often and how soon a call is repeated. */
export interface RetryLimits {
  /** At least 1, the first included. */
  attempts: number
  /** Between attempts. A service that asks for a longer pause than the longest one here is not asked again. */
  backoff: BackoffLimits
}

/** As long as a person waits: about ten seconds of pauses at most. */
export const defaultRetryLimits: RetryLimits = {
  attempts: 4,
  backoff: { firstMilliseconds: 500, mostMilliseconds: 8000 },
}

/** What a proxy answers when it got no answer, or too late a one. */
const lost = new Set([502, 503, 504])

/**
 * Repeats a call, which must be safe to repeat, until it succeeds: after a failure of the network, a lost answer, a refusal
 * with `retry-after`, and while the first attempt still holds the idempotency key.
 * @throws the last failure; the reason of the signal when it aborts during a pause
 */
export async function retry<T>(
  call: () => Promise<T>,
  limits: RetryLimits,
  signal?: AbortSignal,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await call()
    } catch (error) {
      const pause = pauseAfter(error, failures, limits.backoff)
      if (pause === null || failures >= limits.attempts || signal?.aborted) throw error
      await wait(pause, signal)
    }
  }
}

/** In milliseconds; null when another attempt would be of no use. */
function pauseAfter(error: unknown, failures: number, limits: BackoffLimits): number | null {
  const jitter = backoff(failures - 1, limits)
  if (!(error instanceof ProblemError)) return jitter
  const { status, code, retryAfterSeconds } = error
  if (retryAfterSeconds !== null) {
    const asked = retryAfterSeconds * 1000
    return asked > limits.mostMilliseconds ? null : asked + jitter
  }
  return lost.has(status) || code === 'idempotency_key_in_use' ? jitter : null
}

function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, milliseconds)
  const abort = () => reject(signal?.reason as Error)
  signal?.addEventListener('abort', abort)
  return promise.finally(() => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
  })
}
