export interface BackoffLimits {
  /** The upper bound of the first wait, in milliseconds; it doubles with every further failure. */
  firstMilliseconds: number
  /** What the bound stops doubling at, in milliseconds. */
  mostMilliseconds: number
}

/** A connection that was lost for a moment is back within seconds, and a thousand clients do not all return in the same one. */
export const defaultBackoff: BackoffLimits = { firstMilliseconds: 1000, mostMilliseconds: 10_000 }

/**
 * How long to wait after some failures in a row (0 for the first), in milliseconds: anything up to the bound, which spreads
 * clients better than a bound with some jitter. "Full jitter" of
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter
 */
export function backoff(failures: number, limits: BackoffLimits): number {
  const most = Math.min(limits.mostMilliseconds, limits.firstMilliseconds * 2 ** Math.min(failures, 30))
  return Math.random() * most
}

/**
 * How long to wait before connecting again, in milliseconds.
 * @param code why the connection ended, as the gateway or the network said; null when neither did
 * @param failures how many attempts in a row have failed before this one
 */
export function reconnectDelay(code: string | null, failures: number, limits: BackoffLimits): number {
  switch (code) {
    // The gateway ended the connection on purpose: the others are well, and a draining one spreads its clients already.
    case 'draining':
    case 'access_token_expired':
      if (failures === 0) return backoff(0, limits) / 2
      return backoff(failures, limits)
    // An early attempt would be refused again.
    case 'rate_limited':
    case 'too_many_connections':
      return limits.mostMilliseconds / 2 + backoff(30, limits)
    default:
      return backoff(failures, limits)
  }
}
