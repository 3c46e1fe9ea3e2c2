/** How often something may fail before the next attempt has to wait, and how long. */
export interface AttemptRule {
  /** Failures without a wait. */
  free: number
  /** The wait after the next one; it doubles with each that follows. */
  firstDelayMs: number
  longestDelayMs: number
  /** Failures are forgotten when there was none for this long. */
  forgetMs: number
}

const minute = 60_000
const hour = 60 * minute

/**
 * A pair of account and address is somebody who mistypes, so it waits first. An account is guarded against many addresses
 * and an address against many accounts; both allow more, because what they stop may be somebody else's fault: a pair that
 * has logged in before does not wait for them. Whoever registers with an address that has an account learns so;
 * that counts as a failure of the network address, so that nobody can find out many.
 */
export const attemptRules = {
  pair: { free: 5, firstDelayMs: minute, longestDelayMs: hour, forgetMs: 24 * hour },
  account: { free: 20, firstDelayMs: 2_000, longestDelayMs: 15 * minute, forgetMs: 24 * hour },
  address: { free: 100, firstDelayMs: 2_000, longestDelayMs: 15 * minute, forgetMs: hour },
  registration: { free: 20, firstDelayMs: minute, longestDelayMs: hour, forgetMs: hour },
} as const satisfies Record<string, AttemptRule>

export type AttemptRuleName = keyof typeof attemptRules
export type AttemptRules = Readonly<Record<AttemptRuleName, AttemptRule>>

/** Milliseconds to wait after so many failures in a row. */
export function delayAfter({ free, firstDelayMs, longestDelayMs }: AttemptRule, failures: number): number {
  return failures <= free ? 0 : Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - free - 1))
}
