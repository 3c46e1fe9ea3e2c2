import type { GoalId, GoalOutcome } from '../goals.ts'
import type { Series } from '../measuring/rounds.ts'

/** What one part of the bench found out. */
export interface PartResult {
  series: Series[]
  outcomes: Partial<Record<GoalId, GoalOutcome>>
}
