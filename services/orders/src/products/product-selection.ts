import type { Schema } from '@comanda/database'
import { type ExpressionBuilder, type Kysely, sql } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import { selectGroups } from '../modifier-groups/modifier-groups.repository.ts'
import type { Availability } from './availability.ts'
import { type Product, productFields } from './products.schema.ts'

type ProductField = keyof Product

const availability = sql<Availability>`case
  when not products.available or products.stock_quantity = 0 or lacks_choice(products.id) then jsonb_build_object('status', 'out_of_stock')
  when products.stock_quantity is null then jsonb_build_object('status', 'in_stock')
  else jsonb_build_object('status', 'quantity', 'quantity', products.stock_quantity) end`

function selection(db: Kysely<Schema>, eb: ExpressionBuilder<Schema, 'products'>, field: ProductField) {
  switch (field) {
    case 'availability':
      return availability.as(field)
    case 'currency':
      return eb
        .selectFrom('cafeterias')
        .select('currency')
        .whereRef('cafeterias.id', '=', 'products.cafeteriaId')
        .as(field)
    case 'modifierGroups':
      return jsonArrayFrom(
        selectGroups(db)
          .innerJoin('productModifierGroups as link', 'link.groupId', 'modifierGroups.id')
          .whereRef('link.productId', '=', sql.ref('products.id'))
          .orderBy('link.position')
          .orderBy('modifierGroups.id'),
      ).as(field)
    default:
      return `products.${field}` as const
  }
}

/** Selects the products that are not deleted, as the API shows them. Only the tables of the asked fields are read. */
export function selectProducts(db: Kysely<Schema>, fields: readonly ProductField[] = productFields) {
  return db
    .selectFrom('products')
    .select((eb) => fields.map((field) => selection(db, eb, field)))
    .where('products.deletedAt', 'is', null)
    .$castTo<Product>()
}
