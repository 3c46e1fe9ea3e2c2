import { refTo } from '@comanda/service'
import { GivenInstant, Text, Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'
import { CardToken, PaymentMethod } from './payment-method.ts'

/** An example that can be placed on the demo campus. */
const example = {
  cafeteriaId: '01900000-0001-7000-8000-000000000001',
  items: [
    { productId: '01900000-0004-7000-8000-000000000001', quantity: 2, note: 'Sin cebolla' },
    { productId: '01900000-0004-7000-8000-000000000002', quantity: 1 },
  ],
  pickup: 'asap',
  payment: { method: 'card', token: 'tok_ok' },
}

const NewOrderItem = Type.Object(
  {
    productId: Uuid,
    quantity: Type.Integer({ minimum: 1, maximum: 99 }),
    modifierIds: Type.Optional(
      Type.Array(Uuid, {
        maxItems: 20,
        uniqueItems: true,
        description: 'Modifiers of the groups that the product offers, within the limits of each group',
      }),
    ),
    note: Type.Optional(Type.String({ ...Text(200), description: 'For the kitchen' })),
  },
  { $id: 'NewOrderItem', additionalProperties: false },
)

const NewOrderPayment = Type.Object(
  {
    method: refTo(PaymentMethod),
    token: Type.Optional({
      ...CardToken,
      description:
        'The card, as the provider tokenised it; needed for `card`, unless there is nothing to pay',
    }),
  },
  {
    $id: 'NewOrderPayment',
    additionalProperties: false,
    description: '`card` needs a `token`, unless there is nothing to pay',
  },
)

/** What is ordered, where, and when it is picked up. */
export const wanted = {
  cafeteriaId: Uuid,
  items: Type.Array(refTo(NewOrderItem), { minItems: 1, maxItems: 50 }),
  slotId: Type.Optional({ ...Uuid, description: 'A pick-up slot of the cafeteria' }),
  pickup: Type.Optional(
    Type.Literal('asap', { description: 'The first slot with room, instead of a `slotId`' }),
  ),
  latestPickupAt: Type.Optional({
    ...GivenInstant,
    description:
      'Refuses with `pickup_too_late` what can only be handed over after this; with `asap` by default what can only be after closing today',
  }),
}

/** Keywords by which a body has either a `slotId` or `pickup`. */
export const eitherSlotOrPickup = {
  description: 'Either with a `slotId` or with `pickup`',
  // Always holds. A `oneOf` beside the properties means the same, but generators of clients take it for the whole type,
  // and make the body of this request one of nothing they know.
  if: {},
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { oneOf: [{ required: ['slotId'] }, { required: ['pickup'] }] },
}

export const NewOrder = Type.Object(
  {
    ...wanted,
    payment: refTo(NewOrderPayment),
    expectedTotalCents: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'What the customer was shown; any other total is refused with `price_changed`',
      }),
    ),
    quoteId: Type.Optional({
      ...Uuid,
      description:
        'A quote (`POST /v1/quotes`) about the same items and pick-up, whose total and promised time the order gets',
    }),
  },
  { $id: 'NewOrder', additionalProperties: false, examples: [example], ...eitherSlotOrPickup },
)
export type NewOrder = Static<typeof NewOrder>

export const newOrderSchemas = [NewOrderItem, NewOrderPayment, NewOrder]

export const PlaceOrderHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Makes repeating the call safe: the same key and body get the first answer',
    }),
  ),
})
