/**
 * Remembers when the primary was at which position. From it follows how far a replica is behind, without comparing clocks, and
 * without an idle primary looking like lag: lag is the age of the oldest known position that the replica has not replayed.
 */
export interface PositionHistory {
  /**
   * Records that the primary was at a position. On a new timeline the positions beyond the first recorded one are forgotten, because
   * what the old primary wrote after the switch may never have been replicated.
   * @param at in epoch milliseconds, by the clock of this process
   * @param clock the same by the clock of the primary
   */
  record: (position: number, at: number, timeline: number, clock: number) => void
  /**
   * Milliseconds that a replica is behind; 0 when it has replayed everything known, and null while nothing of the primary is known.
   * @param replayAge milliseconds since the commit of the last transaction that the replica replayed; it bounds the lag from below
   * where the history of this process, having just started, does not reach back far enough
   */
  lag: (replayed: number, at: number, replayAge?: number | null) => number | null
  /**
   * The last moment, by the clock of the primary, at which it was seen to have written no more than a replica has replayed; null when it
   * never was.
   */
  caughtUpAt: (replayed: number) => number | null
}

/**
 * Makes an empty history.
 * @param span how many positions are kept; at one per second it is also the longest lag in seconds that can be measured
 */
export function createPositionHistory(span = 120): PositionHistory {
  const positions: { position: number; at: number; lastClock: number }[] = []
  let currentTimeline: number | null = null
  return {
    record(position, at, timeline, clock) {
      if (timeline !== currentTimeline) {
        while ((positions.at(-1)?.position ?? 0) > position) positions.pop()
        currentTimeline = timeline
      }
      const newest = positions.at(-1)
      if (newest?.position === position) {
        newest.lastClock = clock
        return
      }
      positions.push({ position, at, lastClock: clock })
      if (positions.length > span) positions.shift()
    },
    lag(replayed, at, replayAge) {
      if (positions.length === 0) return null
      const missing = positions.find((known) => known.position > replayed)
      if (missing === undefined) return 0
      return missing === positions[0] ? Math.max(at - missing.at, replayAge ?? 0) : at - missing.at
    },
    caughtUpAt: (replayed) => positions.findLast(({ position }) => position <= replayed)?.lastClock ?? null,
  }
}
