import { refTo } from '@comanda/service'
import { Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'
import { eitherSlotOrPickup, wanted } from '../orders/place-order.schema.ts'

const example = {
  cafeteriaId: '01900000-0001-7000-8000-000000000001',
  items: [{ productId: '01900000-0004-7000-8000-000000000001', quantity: 2 }],
  pickup: 'asap',
}

export const NewQuote = Type.Object(wanted, {
  $id: 'NewQuote',
  additionalProperties: false,
  examples: [example],
  ...eitherSlotOrPickup,
})
export type NewQuote = Static<typeof NewQuote>

const Cents = Type.Integer({ minimum: 0, description: 'Minor units of `currency`' })
const Moment = (description: string) => Type.String({ format: 'date-time', description })

const QuotedItem = Type.Object(
  {
    productId: Uuid,
    name: Type.String(),
    quantity: Type.Integer({ minimum: 1 }),
    unitPriceCents: Type.Integer({ minimum: 0, description: 'With its modifiers' }),
    totalCents: Cents,
  },
  { $id: 'QuotedItem' },
)

export const Quote = Type.Object(
  {
    quoteId: { ...Uuid, description: 'For `quoteId` of `POST /v1/orders`, once' },
    cafeteriaId: Uuid,
    slotId: { ...Uuid, description: 'The pick-up slot in which it would be handed over' },
    items: Type.Array(refTo(QuotedItem), {
      description: 'The lines in the order in which they were asked for',
    }),
    totalCents: Cents,
    currency: Type.String({ description: 'ISO 4217' }),
    earliestPickupAt: Moment('The earliest that would be possible, in any slot'),
    p50ReadyAt: Moment(
      'When it would be ready with even odds; for a slot that the kitchen does not have to begin for yet, its beginning',
    ),
    p90ReadyAt: Moment('When it would be ready with odds of nine to one; for such a slot, its beginning too'),
    promisedAt: Moment('What an order with this quote is promised, which is `p90ReadyAt`'),
    pickupUntil: Moment('The end of the slot'),
    expiresAt: Moment('Until when an order can use the quote'),
  },
  { $id: 'Quote' },
)
export type Quote = Static<typeof Quote>

export const quoteSchemas = [NewQuote, QuotedItem, Quote]
