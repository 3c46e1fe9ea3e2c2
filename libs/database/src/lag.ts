/**
 * How far a replica is behind, from positions alone, so that an idle primary does not look like lag and clocks need not
 * agree: lag is the age of the oldest known position of the primary that the replica has not replayed.
 */
export interface PositionHistory {
  /**
   * Positions of another timeline follow those that it has in common with the last; what the old primary wrote beyond may
   * never have happened.
   */
  record: (position: number, at: number, timeline: number) => void
  /**
   * Milliseconds behind; 0 when everything known has been replayed.
   * @param silence milliseconds since what the replica replayed last was committed, which tells how far it is behind where this
   * process, having just started, does not remember that long
   */
  lag: (replayed: number, at: number, silence?: number | null) => number
}

/** @param span how many positions are kept; with one a second, also the longest lag that is told apart, in seconds */
export function createPositionHistory(span = 120): PositionHistory {
  const positions: { position: number; at: number }[] = []
  let current: number | null = null
  return {
    record(position, at, timeline) {
      if (timeline !== current) {
        while ((positions.at(-1)?.position ?? 0) > position) positions.pop()
        current = timeline
      }
      if (positions.at(-1)?.position === position) return
      positions.push({ position, at })
      if (positions.length > span) positions.shift()
    },
    lag(replayed, at, silence) {
      const missing = positions.find((known) => known.position > replayed)
      if (missing === undefined) return 0
      return missing === positions[0] ? Math.max(at - missing.at, silence ?? 0) : at - missing.at
    },
  }
}
