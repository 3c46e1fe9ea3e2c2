import { refTo } from '@comanda/service'
import { Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'
import { Cents, Count, periodQuery } from '../periods/period.schema.ts'

export const ProductsQuery = Type.Object(
  {
    ...periodQuery,
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'How many products at most' }),
  },
  { additionalProperties: false },
)
export type ProductsQuery = Static<typeof ProductsQuery>

export const ProductSold = Type.Object(
  {
    productId: Uuid,
    name: Type.String({ description: 'As it is called now' }),
    quantity: Count('Units in placed orders'),
    grossCents: Cents('What they came to, with modifiers'),
    lostQuantity: Count('Units in orders that were rejected or cancelled, on that day'),
    lostCents: Cents('What these came to'),
    salesCents: Cents('What is left of the first without the second'),
  },
  { $id: 'ProductSold' },
)

export const ProductsNumbers = Type.Object({
  products: Type.Array(refTo(ProductSold), { description: 'Most units first' }),
})
