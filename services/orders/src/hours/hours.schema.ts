import { refTo } from '@comanda/service'
import { ClosingTime, Instant, LocalTime, Nullable, Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'
import { ScheduleException } from '../schedule-exceptions/schedule-exceptions.schema.ts'

export const WeeklyHours = Type.Object(
  {
    weekday: Type.Integer({ minimum: 1, maximum: 7, description: 'ISO 8601: 1 is Monday' }),
    opens: LocalTime,
    closes: ClosingTime,
  },
  {
    $id: 'WeeklyHours',
    additionalProperties: false,
    description:
      'Hours that begin on a weekday. What closes earlier than it opens closes on the next day; a night may also be two of them, up to 24:00 and from 00:00.',
  },
)
export type WeeklyHours = Static<typeof WeeklyHours>

const Week = Type.Array(refTo(WeeklyHours), { maxItems: 70 })

export const Hours = Type.Object(
  {
    cafeteriaId: Uuid,
    timeZone: Type.String(),
    opening: Type.Array(refTo(WeeklyHours), { description: 'When the doors are open' }),
    ordering: Type.Array(refTo(WeeklyHours), { description: 'When orders are taken' }),
    exceptions: Type.Array(refTo(ScheduleException), {
      description:
        'Dates from today on that differ from the week, the next 100, and yesterday while its hours last',
    }),
    openNow: Type.Boolean(),
    orderingNow: Type.Boolean({ description: 'By the hours, and not paused' }),
    pausedAt: Nullable(Instant),
    nextOpening: Nullable(
      Type.String({
        format: 'date-time',
        description: 'The next time the doors open, within two weeks; null when they do not, or never close',
      }),
    ),
  },
  { $id: 'Hours' },
)
export type Hours = Static<typeof Hours>

export const NewHours = Type.Object(
  {
    opening: Week,
    ordering: Type.Optional({ ...Week, description: 'By default the same as `opening`' }),
  },
  { $id: 'NewHours', additionalProperties: false },
)
export type NewHours = Static<typeof NewHours>

export const hoursSchemas = [WeeklyHours, Hours, NewHours]
