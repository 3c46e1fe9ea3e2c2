import { listOf, listQuery, refTo } from '@comanda/service'
import { Instant, Line, Nullable, OptionalBody, partOf, Text, TimeZone, Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'

const Seconds = (minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, description })

/** The settings that a manager may change, with the ranges of the table. */
const settings = {
  name: Line(100),
  description: Text(2000),
  location: Text(200),
  autoAccept: Type.Boolean({ description: 'Orders are accepted without anybody answering' }),
  paymentSeconds: Seconds(10, 3600, 'An order that is not paid by then expires'),
  acceptanceSeconds: Seconds(10, 86_400, 'An order that nobody answers by then is rejected'),
  collectionSeconds: Seconds(0, 86_400, 'How long after its window an order counts as uncollected'),
  recallSeconds: Seconds(0, 3600, 'How long a ready order can go back to the kitchen'),
  cooks: Type.Integer({
    minimum: 1,
    maximum: 100,
    description: 'How many people cook at once, which shortens the wait for the orders before',
  }),
  slotMinutes: Type.Union(
    [
      Type.Literal(5),
      Type.Literal(10),
      Type.Literal(15),
      Type.Literal(20),
      Type.Literal(30),
      Type.Literal(60),
    ],
    { description: 'Length of the pick-up slots; the last before closing may be shorter' },
  ),
  slotCapacityOrders: Type.Integer({
    minimum: 0,
    maximum: 10_000,
    description: 'Orders per slot; a shorter one takes its share',
  }),
  slotCapacityMakeSeconds: Nullable(
    Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      description:
        'What the kitchen makes per slot, in seconds, of which a shorter slot has its share; null: any number',
    }),
  ),
}

const Slug = Type.String({
  maxLength: 60,
  pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
  description: 'For readable addresses, as in `main-hall`',
})
const Currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' })

export const Cafeteria = Type.Object(
  {
    id: Uuid,
    slug: Slug,
    timeZone: TimeZone,
    currency: Currency,
    ...settings,
    openNow: Type.Boolean({ description: 'By its hours the doors are open' }),
    orderingNow: Type.Boolean({ description: 'It takes orders: by its hours, and not paused' }),
    pausedAt: Nullable(Instant),
    pauseReason: Nullable(Type.String()),
    createdAt: Instant,
    updatedAt: Instant,
  },
  { $id: 'Cafeteria' },
)
export type Cafeteria = Static<typeof Cafeteria>

export const cafeteriaFields = Object.keys(Cafeteria.properties) as (keyof Cafeteria)[]

const CafeteriaSummary = partOf(Cafeteria, 'CafeteriaSummary')
export const CafeteriaList = listOf(refTo(CafeteriaSummary), 'CafeteriaList')
export const ListCafeterias = Type.Object(listQuery(cafeteriaFields))

export const NewCafeteria = Type.Object(
  {
    slug: Slug,
    timeZone: TimeZone,
    currency: Currency,
    ...Type.Partial(Type.Object(settings)).properties,
    name: settings.name,
  },
  { $id: 'NewCafeteria', additionalProperties: false },
)
export type NewCafeteria = Static<typeof NewCafeteria>

/** What can change. The currency cannot, because prices and balances are in it. */
export const CafeteriaChanges = Type.Object(
  Type.Partial(Type.Object({ timeZone: TimeZone, ...settings })).properties,
  { $id: 'CafeteriaChanges', additionalProperties: false, minProperties: 1 },
)
export type CafeteriaChanges = Static<typeof CafeteriaChanges>

const PauseCafeteria = Type.Object(
  { reason: Type.Optional({ ...Line(200), description: 'For customers' }) },
  { $id: 'PauseCafeteria', additionalProperties: false },
)
export const PauseCafeteriaBody = OptionalBody(refTo(PauseCafeteria))

export const CafeteriaParams = Type.Object({ cafeteriaId: Uuid })

export const cafeteriaSchemas = [
  Cafeteria,
  CafeteriaSummary,
  CafeteriaList,
  NewCafeteria,
  CafeteriaChanges,
  PauseCafeteria,
]
