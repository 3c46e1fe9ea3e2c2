export interface BackoffLimits {
  /** The longest that the first wait may be, in milliseconds; the longest doubles with every further one. */
  firstMilliseconds: number
  /** It doubles up to this. */
  mostMilliseconds: number
}

/** What was lost for a moment is back within seconds, and a thousand clients do not come back in the same one. */
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

/** The wait before connecting again after what the gateway said on the way out, null when it said nothing. */
export function reconnectDelay(code: string | null, failures: number, limits: BackoffLimits): number {
  switch (code) {
    // One's own turn came: the other gateways are well, and the leaving one spreads its clients already.
    case 'draining':
    case 'access_token_expired':
      if (failures === 0) return backoff(0, limits) / 2
      return backoff(failures, limits)
    // Soon would be refused again.
    case 'rate_limited':
    case 'too_many_connections':
      return limits.mostMilliseconds / 2 + backoff(30, limits)
    default:
      return backoff(failures, limits)
  }
}
