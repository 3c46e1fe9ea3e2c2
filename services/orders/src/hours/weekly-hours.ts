import type { WeeklyHours } from './hours.schema.ts'

export interface HoursProblem {
  code: 'hours_invalid' | 'hours_overlap'
  /** The index of the hours that are wrong, from 0. */
  index: number
}

const minutesOfDay = 24 * 60
const minutesOfWeek = 7 * minutesOfDay

/** The first hours of a week that close when they open, or overlap with others, also of the day before. Null: none. */
export function findHoursProblem(week: readonly WeeklyHours[]): HoursProblem | null {
  const invalid = week.findIndex(({ opens, closes }) => closes === opens)
  if (invalid !== -1) return { code: 'hours_invalid', index: invalid }
  const stretches = week.map(stretchOf)
  const overlapping = stretches.findIndex((stretch, at) =>
    stretches.slice(0, at).some((other) => overlap(stretch, other)),
  )
  return overlapping === -1 ? null : { code: 'hours_overlap', index: overlapping }
}

interface Stretch {
  /** In minutes since Monday began. */
  begins: number
  length: number
}

function stretchOf({ weekday, opens, closes }: WeeklyHours): Stretch {
  const length = minutesOf(closes) - minutesOf(opens)
  return {
    begins: (weekday - 1) * minutesOfDay + minutesOf(opens),
    length: length > 0 ? length : length + minutesOfDay,
  }
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

/** Whether two stretches overlap in a week that repeats: one begins within the other. */
function overlap(one: Stretch, other: Stretch): boolean {
  const minutesAfter = (later: Stretch, earlier: Stretch) =>
    (later.begins - earlier.begins + minutesOfWeek) % minutesOfWeek
  return minutesAfter(other, one) < one.length || minutesAfter(one, other) < other.length
}
