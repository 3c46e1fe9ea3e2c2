import { listOf, listQuery, refTo } from '@comanda/service'
import { Instant, Line, Nullable, Position, partOf, Text, Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'
import { ModifierGroup } from '../modifier-groups/modifier-groups.schema.ts'
import { Availability, SetAvailability } from './availability.ts'

const Labels = (description: string) => Type.Array(Line(50), { maxItems: 30, uniqueItems: true, description })

export const Product = Type.Object(
  {
    id: Uuid,
    cafeteriaId: Uuid,
    categoryId: Uuid,
    mealtimeId: Nullable(Uuid),
    name: Type.String(),
    description: Type.String(),
    priceCents: Type.Integer({ minimum: 0, description: 'Minor units of `currency`' }),
    currency: Type.String({ description: 'ISO 4217' }),
    makeSeconds: Type.Integer({ minimum: 0, description: 'How long the kitchen works on one' }),
    allergens: Labels('As in `gluten` or `milk`'),
    dietaryTags: Labels('As in `vegan`'),
    imageUrl: Nullable(Type.String()),
    position: Type.Integer({ description: 'Within its category' }),
    availability: refTo(Availability),
    modifierGroups: Type.Array(refTo(ModifierGroup), { description: 'What to choose from, in order' }),
    createdAt: Instant,
    updatedAt: Instant,
  },
  { $id: 'Product' },
)
export type Product = Static<typeof Product>

export const productFields = Object.keys(Product.properties) as (keyof Product)[]

const ProductSummary = partOf(Product, 'ProductSummary')
export const ProductList = listOf(refTo(ProductSummary), 'ProductList')

export const ListProducts = Type.Object({
  cafeteriaId: Type.Optional(Uuid),
  categoryId: Type.Optional(Uuid),
  q: Type.Optional({
    ...Line(100),
    description: 'Part of the name or the description, in any case, with or without accents',
  }),
  ...listQuery(productFields),
})
export type ListProducts = Static<typeof ListProducts>

const required = {
  categoryId: Uuid,
  name: Line(100),
  priceCents: Type.Integer({ minimum: 0, maximum: 10_000_000 }),
  makeSeconds: Type.Integer({ minimum: 0, maximum: 7200 }),
}
const optional = Type.Partial(
  Type.Object({
    description: Text(2000),
    allergens: Product.properties.allergens,
    dietaryTags: Product.properties.dietaryTags,
    imageUrl: Nullable(Type.String({ format: 'uri', pattern: '^https?://', maxLength: 2000 })),
    position: Position,
    mealtimeId: Nullable({ ...Uuid, description: 'When it is served; null: all day' }),
    modifierGroupIds: Type.Array(Uuid, {
      maxItems: 20,
      uniqueItems: true,
      description: 'What to choose from, in order',
    }),
    availability: refTo(SetAvailability),
  }),
).properties

export const NewProduct = Type.Object(
  { cafeteriaId: Uuid, ...required, ...optional },
  { $id: 'NewProduct', additionalProperties: false },
)
export type NewProduct = Static<typeof NewProduct>

export const ProductChanges = Type.Object(
  { ...Type.Partial(Type.Object(required)).properties, ...optional },
  { $id: 'ProductChanges', additionalProperties: false, minProperties: 1 },
)
export type ProductChanges = Static<typeof ProductChanges>

export const ProductParams = Type.Object({ productId: Uuid })

export const productSchemas = [
  Availability,
  SetAvailability,
  Product,
  ProductSummary,
  ProductList,
  NewProduct,
  ProductChanges,
]
