import type { AppError } from '@comanda/errors'
import { platformErrors } from '../problems/platform.errors.ts'
import type { LimitPolicy } from './policies.ts'
import type { Verdict } from './sliding-window.ts'

/** Whole seconds until a place becomes free. */
const secondsOf = (milliseconds: number) => Math.ceil(milliseconds / 1000)

/** The refusal of a request beyond a limit, where a place becomes free after so many milliseconds: `retry-after` is a second at least. */
export function rateLimited(resetMs: number): AppError {
  return platformErrors.rate_limited(undefined, { retryAfterSeconds: Math.max(1, secondsOf(resetMs)) })
}

/** The values of `ratelimit-limit`, `ratelimit-remaining` and `ratelimit-reset` (draft-ietf-httpapi-ratelimit-headers). */
export function limitValues({ max }: LimitPolicy, { used, resetMs }: Verdict) {
  return { limit: max, remaining: Math.max(0, max - used), reset: secondsOf(resetMs) }
}
