import type { WeeklyHours } from './hours.schema.ts'

export interface HoursProblem {
  code: 'hours_invalid' | 'hours_overlap'
  /** The index of the hours that are wrong, from 0. */
  index: number
}

/** The first hours of a week that close before they open, or overlap with others of their day. Null: none. */
export function findHoursProblem(week: readonly WeeklyHours[]): HoursProblem | null {
  // HH:MM sorts as text, and 24:00 comes last.
  const invalid = week.findIndex(({ opens, closes }) => closes <= opens)
  if (invalid !== -1) return { code: 'hours_invalid', index: invalid }
  const overlapping = week.findIndex((hours, at) =>
    week
      .slice(0, at)
      .some(
        (other) =>
          other.weekday === hours.weekday && other.opens < hours.closes && hours.opens < other.closes,
      ),
  )
  return overlapping === -1 ? null : { code: 'hours_overlap', index: overlapping }
}
