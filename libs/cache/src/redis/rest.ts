/** For this long after a failure nobody waits for Redis. */
const restMs = 1_000

/** Spares requests the wait for a Redis that has just failed to answer. */
export interface Rest {
  readonly resting: boolean
  begin(): void
}

export function createRest(): Rest {
  let until = 0
  return {
    get resting() {
      return performance.now() < until
    },
    begin: () => void (until = performance.now() + restMs),
  }
}
