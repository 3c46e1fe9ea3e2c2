import { type Static, Type } from 'typebox'

/** A product's columns `available` and `stockQuantity`: null means that its stock is not counted, 0 that it is sold out. */
interface Stock {
  available: boolean
  stockQuantity: number | null
}

const Status = Type.Union([Type.Literal('in_stock'), Type.Literal('out_of_stock'), Type.Literal('quantity')])

export const Availability = Type.Object(
  {
    status: Status,
    quantity: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          'What was left when this was read, only with `quantity`; orders take from it untold, down to 0',
      }),
    ),
  },
  { $id: 'Availability' },
)
export type Availability = Static<typeof Availability>

export const SetAvailability = Type.Object(
  {
    status: Status,
    quantity: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1_000_000,
        description:
          'With `quantity`, and only then: orders take from it, and at 0 the product is out of stock',
      }),
    ),
  },
  {
    $id: 'SetAvailability',
    additionalProperties: false,
    allOf: [
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      { if: { properties: { status: { const: 'quantity' } } }, then: { required: ['quantity'] } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      { if: { required: ['quantity'] }, then: { properties: { status: { const: 'quantity' } } } },
    ],
  },
)
export type SetAvailability = Static<typeof SetAvailability>

export function stockOf({ status, quantity = 0 }: SetAvailability): Stock {
  return { available: status !== 'out_of_stock', stockQuantity: status === 'quantity' ? quantity : null }
}
