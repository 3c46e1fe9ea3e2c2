import { listOf, listQuery, refTo } from '@comanda/service'
import { ClosingTime, Line, LocalTime, partOf, Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'

export const Mealtime = Type.Object(
  { id: Uuid, cafeteriaId: Uuid, name: Type.String(), starts: LocalTime, ends: ClosingTime },
  {
    $id: 'Mealtime',
    description:
      'A part of the day to which products can be limited; one without it is served all day. What ends earlier than it starts ends on the next day.',
  },
)
export type Mealtime = Static<typeof Mealtime>

export const mealtimeFields = Object.keys(Mealtime.properties) as (keyof Mealtime)[]

const MealtimeSummary = partOf(Mealtime, 'MealtimeSummary')
export const MealtimeList = listOf(refTo(MealtimeSummary), 'MealtimeList')

export const ListMealtimes = Type.Object({ cafeteriaId: Type.Optional(Uuid), ...listQuery(mealtimeFields) })
export type ListMealtimes = Static<typeof ListMealtimes>

const properties = { name: Line(100), starts: LocalTime, ends: ClosingTime }

export const NewMealtime = Type.Object(
  { cafeteriaId: Uuid, ...properties },
  { $id: 'NewMealtime', additionalProperties: false },
)
export type NewMealtime = Static<typeof NewMealtime>

export const MealtimeChanges = Type.Object(Type.Partial(Type.Object(properties)).properties, {
  $id: 'MealtimeChanges',
  additionalProperties: false,
  minProperties: 1,
})
export type MealtimeChanges = Static<typeof MealtimeChanges>

export const MealtimeParams = Type.Object({ mealtimeId: Uuid })

export const mealtimeSchemas = [Mealtime, MealtimeSummary, MealtimeList, NewMealtime, MealtimeChanges]
