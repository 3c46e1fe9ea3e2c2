import { refTo } from '@comanda/service'
import { GivenInstant, Instant, Nullable, Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'
import { Product } from '../products/products.schema.ts'

const MenuCategory = Type.Object(
  { id: Uuid, name: Type.String(), position: Type.Integer(), products: Type.Array(refTo(Product)) },
  { $id: 'MenuCategory' },
)

export const Menu = Type.Object(
  {
    cafeteriaId: Uuid,
    name: Type.String({ description: 'The name of the cafeteria' }),
    currency: Type.String({ description: 'ISO 4217' }),
    timeZone: Type.String(),
    at: Type.String({
      format: 'date-time',
      description:
        'The moment whose menu this is: the one asked for, or when the mealtimes last changed the menu of now, of which the same menu has the same ETag',
    }),
    pausedAt: Nullable(Instant),
    categories: Type.Array(refTo(MenuCategory), { description: 'Those with something at that moment' }),
  },
  { $id: 'Menu' },
)
export type Menu = Static<typeof Menu>

export const MenuQuery = Type.Object({
  at: Type.Optional({
    ...GivenInstant,
    description: 'Leaves out what is not served then, by the mealtimes of the cafeteria; by default now',
  }),
})

export const menuSchemas = [MenuCategory, Menu]
