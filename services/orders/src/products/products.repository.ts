import type { Schema } from '@comanda/database'
import {
  type ExpressionBuilder,
  type Insertable,
  type Kysely,
  sql,
  type Transaction,
  type Updateable,
} from 'kysely'
import type { Editor } from '../audit/editor.ts'
import type { Slice } from '../lists/list-source.ts'
import { type SetAvailability, stockOf } from './availability.ts'
import { selectProducts } from './product-selection.ts'
import type { Product } from './products.schema.ts'

export interface ProductFilter {
  cafeteriaId?: string | undefined
  categoryId?: string | undefined
  /** A part of the name or the description, in any case, with or without accents. */
  q?: string | undefined
}

function matching(eb: ExpressionBuilder<Schema, 'products'>, { cafeteriaId, categoryId, q }: ProductFilter) {
  const conditions = [eb('products.deletedAt', 'is', null)]
  if (cafeteriaId !== undefined) conditions.push(eb('products.cafeteriaId', '=', cafeteriaId))
  if (categoryId !== undefined) conditions.push(eb('products.categoryId', '=', categoryId))
  // As a subquery the pattern is computed once, and not for each product.
  if (q !== undefined) {
    conditions.push(eb('products.searchText', 'like', sql<string>`(select search_pattern(${q}))`))
  }
  return eb.and(conditions)
}

/** Lists products by position. */
export async function listProducts(
  db: Kysely<Schema>,
  filter: ProductFilter,
  fields: readonly (keyof Product)[],
  { limit, after, offset }: Slice<[position: number, id: string]>,
): Promise<Partial<Product>[]> {
  let query = selectProducts(db, fields)
    .where((eb) => matching(eb, filter))
    .orderBy('products.position')
    .orderBy('products.id')
    .limit(limit)
  // A cursor's number may be larger than the column's.
  if (after) {
    query = query.where(
      sql<boolean>`(products.position, products.id) > (${after[0]}::bigint, ${after[1]}::uuid)`,
    )
  }
  if (offset) query = query.offset(offset)
  return query.execute()
}

export async function countProducts(db: Kysely<Schema>, filter: ProductFilter): Promise<number> {
  const { total } = await db
    .selectFrom('products')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where((eb) => matching(eb, filter))
    .executeTakeFirstOrThrow()
  return total
}

export function findProduct(db: Kysely<Schema>, id: string): Promise<Product | undefined> {
  return selectProducts(db).where('products.id', '=', id).executeTakeFirst()
}

/** Finds a product and locks it until the transaction ends; orders of it wait. */
export function findProductForUpdate(tx: Transaction<Schema>, id: string): Promise<Product | undefined> {
  return selectProducts(tx).where('products.id', '=', id).forNoKeyUpdate().executeTakeFirst()
}

export async function insertProduct(
  tx: Transaction<Schema>,
  product: Insertable<Schema['products']>,
): Promise<string> {
  const { id } = await tx.insertInto('products').values(product).returning('id').executeTakeFirstOrThrow()
  return id
}

export async function updateProduct(
  tx: Transaction<Schema>,
  id: string,
  changes: Updateable<Schema['products']>,
): Promise<void> {
  await tx
    .updateTable('products')
    .set({ ...changes, updatedAt: sql`now()` })
    .where('id', '=', id)
    .execute()
}

/** Makes a product offer these groups, in this order. */
export async function replaceModifierGroups(
  tx: Transaction<Schema>,
  productId: string,
  groupIds: readonly string[],
): Promise<void> {
  await tx.deleteFrom('productModifierGroups').where('productId', '=', productId).execute()
  const rows = groupIds.map((groupId, position) => ({ productId, groupId, position }))
  if (rows.length > 0) await tx.insertInto('productModifierGroups').values(rows).execute()
}

/** Updates a product's availability with its audit entry, in one statement, because every order of a counted product waits for its row. */
export async function updateAvailability(
  db: Kysely<Schema>,
  { caller, requestId }: Editor,
  id: string,
  availability: SetAvailability,
): Promise<void> {
  const { available, stockQuantity } = stockOf(availability)
  await sql`
    with changed as (
      update products set available = ${available}, stock_quantity = ${stockQuantity}::integer, updated_at = now()
      where id = ${id} and deleted_at is null
      returning id, cafeteria_id,
        jsonb_build_object('available', old.available, 'stockQuantity', old.stock_quantity) as before,
        jsonb_build_object('available', new.available, 'stockQuantity', new.stock_quantity) as after
    )
    insert into audit_log (actor_id, action, subject_type, subject_id, cafeteria_id, before, after, request_id)
    select ${caller.userId}, 'product.availability', 'product', id::text, cafeteria_id, before, after, ${requestId} from changed
  `.execute(db)
}
