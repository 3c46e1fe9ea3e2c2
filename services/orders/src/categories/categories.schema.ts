import { listOf, listQuery, refTo } from '@comanda/service'
import { Instant, Line, Position, partOf, Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'

export const Category = Type.Object(
  {
    id: Uuid,
    cafeteriaId: Uuid,
    name: Type.String(),
    position: Type.Integer(),
    createdAt: Instant,
    updatedAt: Instant,
  },
  { $id: 'Category' },
)
export type Category = Static<typeof Category>

export const categoryFields = Object.keys(Category.properties) as (keyof Category)[]

const CategorySummary = partOf(Category, 'CategorySummary')
export const CategoryList = listOf(refTo(CategorySummary), 'CategoryList')

export const ListCategories = Type.Object({ cafeteriaId: Type.Optional(Uuid), ...listQuery(categoryFields) })
export type ListCategories = Static<typeof ListCategories>

const properties = { name: Line(100), position: Type.Optional(Position) }

export const NewCategory = Type.Object(
  { cafeteriaId: Uuid, ...properties },
  { $id: 'NewCategory', additionalProperties: false },
)
export type NewCategory = Static<typeof NewCategory>

export const CategoryChanges = Type.Object(Type.Partial(Type.Object(properties)).properties, {
  $id: 'CategoryChanges',
  additionalProperties: false,
  minProperties: 1,
})
export type CategoryChanges = Static<typeof CategoryChanges>

export const CategoryParams = Type.Object({ categoryId: Uuid })

export const categorySchemas = [Category, CategorySummary, CategoryList, NewCategory, CategoryChanges]
