const mostDriftMilliseconds = 5

let offset = Date.now() - performance.now()

/**
 * A time of `performance.now` as milliseconds since 1970, with its fraction. `performance.timeOrigin` will not do: it does not follow the
 * clock when that is set, and a process runs for weeks.
 */
export function epochMilliseconds(at: number): number {
  const now = Date.now() - performance.now()
  if (Math.abs(now - offset) > mostDriftMilliseconds) offset = now
  return offset + at
}
