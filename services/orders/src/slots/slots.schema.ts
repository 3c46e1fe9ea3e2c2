import { refTo } from '@comanda/service'
import { Instant, LocalDate, Nullable, Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'

export const Slot = Type.Object(
  {
    id: Uuid,
    cafeteriaId: Uuid,
    startsAt: Instant,
    endsAt: Instant,
    capacityOrders: Type.Integer(),
    reservedOrders: Type.Integer({ description: 'Orders and walk-ins' }),
    remainingOrders: Type.Integer({ minimum: 0 }),
    remainingMakeSeconds: Nullable(
      Type.Integer({ minimum: 0, description: 'What the kitchen can still make; null: not limited' }),
    ),
    available: Type.Boolean({ description: 'Not over, and with room' }),
  },
  { $id: 'Slot' },
)
export type Slot = Static<typeof Slot>

export const ListSlots = Type.Object({
  date: Type.Optional({
    ...LocalDate,
    description: 'On which the slots begin, where the cafeteria is; by default today',
  }),
})

/** The slots of a date. There are no pages, because a day has some three hundred slots at most. */
export const SlotList = Type.Object(
  {
    date: Type.String({ format: 'date' }),
    timeZone: Type.String(),
    data: Type.Array(refTo(Slot)),
    nextCursor: Type.Null({ description: 'A day is answered whole' }),
  },
  { $id: 'SlotList' },
)
export type SlotList = Static<typeof SlotList>

export const WalkIns = Type.Object(
  {
    orders: Type.Integer({ minimum: 1, maximum: 1000 }),
    makeSeconds: Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      description: 'The work of all these orders together',
    }),
  },
  { $id: 'WalkIns', additionalProperties: false },
)
export type WalkIns = Static<typeof WalkIns>

export const SlotParams = Type.Object({ slotId: Uuid })

export const slotSchemas = [Slot, SlotList, WalkIns]
