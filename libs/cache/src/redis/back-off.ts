/** For this many milliseconds after a failure nobody waits for Redis. */
const backOffMs = 1_000

/** Spares requests the wait for a Redis that has just failed to answer. */
export interface BackOff {
  readonly active: boolean
  begin(): void
}

/** A back-off of one second from each `begin`; not active at first. */
export function createBackOff(): BackOff {
  let until = 0
  return {
    get active() {
      return performance.now() < until
    },
    begin: () => void (until = performance.now() + backOffMs),
  }
}
