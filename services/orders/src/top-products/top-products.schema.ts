import { refTo } from '@comanda/service'
import { Instant, Nullable, Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'
import { Product } from '../products/products.schema.ts'

export const TopProducts = Type.Object(
  {
    cafeteriaId: Uuid,
    calculatedAt: Nullable({ ...Instant, description: 'Null: not yet; it is done within an hour' }),
    data: Type.Array(
      Type.Object({
        quantity: Type.Integer({ minimum: 1, description: 'How many were ordered within 28 days' }),
        product: refTo(Product),
      }),
      { maxItems: 20, description: 'Most ordered first; without those that are not sold any more' },
    ),
  },
  { $id: 'TopProducts' },
)
export type TopProducts = Static<typeof TopProducts>
