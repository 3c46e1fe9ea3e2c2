import { listOf, listQuery, refTo } from '@comanda/service'
import {
  ClosingTime,
  Instant,
  LocalDate,
  LocalTime,
  Nullable,
  partOf,
  Text,
  Uuid,
} from '@comanda/service/values'
import { type Static, Type } from 'typebox'

export const ScheduleException = Type.Object(
  {
    id: Uuid,
    date: LocalDate,
    opens: Nullable(LocalTime),
    closes: Nullable(ClosingTime),
    reason: Type.String(),
    createdAt: Instant,
  },
  {
    $id: 'ScheduleException',
    description:
      'A date that differs from the week, for opening and ordering alike, with the night that begins on it; without times it is closed',
  },
)
export type ScheduleException = Static<typeof ScheduleException>

export const exceptionFields = Object.keys(ScheduleException.properties) as (keyof ScheduleException)[]

const ScheduleExceptionSummary = partOf(ScheduleException, 'ScheduleExceptionSummary')
export const ScheduleExceptionList = listOf(refTo(ScheduleExceptionSummary), 'ScheduleExceptionList')

export const ListScheduleExceptions = Type.Object({
  from: Type.Optional({ ...LocalDate, description: 'The first date; by default all, past ones too' }),
  ...listQuery(exceptionFields),
})
export type ListScheduleExceptions = Static<typeof ListScheduleExceptions>

export const NewScheduleException = Type.Object(
  {
    date: LocalDate,
    opens: Type.Optional(LocalTime),
    closes: Type.Optional(ClosingTime),
    reason: Type.Optional(Text(200)),
  },
  {
    $id: 'NewScheduleException',
    additionalProperties: false,
    description:
      'Both times, or neither for a day closed; one that closes earlier than it opens closes on the next day',
  },
)
export type NewScheduleException = Static<typeof NewScheduleException>

export const ScheduleExceptionParams = Type.Object({ cafeteriaId: Uuid, exceptionId: Uuid })

export const scheduleExceptionSchemas = [
  ScheduleException,
  ScheduleExceptionSummary,
  ScheduleExceptionList,
  NewScheduleException,
]
