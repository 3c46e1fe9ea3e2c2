import type { Schema } from '@comanda/database'
import { type ExpressionBuilder, type Kysely, sql, type Transaction } from 'kysely'
import type { Slice } from '../lists/list-source.ts'
import { type Category, type CategoryChanges, categoryFields, type NewCategory } from './categories.schema.ts'

export interface CategoryFilter {
  cafeteriaId?: string | undefined
}

function matching(eb: ExpressionBuilder<Schema, 'categories'>, { cafeteriaId }: CategoryFilter) {
  const conditions = [eb('deletedAt', 'is', null)]
  if (cafeteriaId !== undefined) conditions.push(eb('cafeteriaId', '=', cafeteriaId))
  return eb.and(conditions)
}

/** Lists categories by position. */
export async function listCategories(
  db: Kysely<Schema>,
  filter: CategoryFilter,
  fields: readonly (keyof Category)[],
  { limit, after, offset }: Slice<[position: number, id: string]>,
): Promise<Partial<Category>[]> {
  let query = db
    .selectFrom('categories')
    .select(fields)
    .where((eb) => matching(eb, filter))
    .orderBy('position')
    .orderBy('id')
    .limit(limit)
  // A cursor's number may be larger than the column's.
  if (after) query = query.where(sql<boolean>`(position, id) > (${after[0]}::bigint, ${after[1]}::uuid)`)
  if (offset) query = query.offset(offset)
  return query.execute()
}

export async function countCategories(db: Kysely<Schema>, filter: CategoryFilter): Promise<number> {
  const { total } = await db
    .selectFrom('categories')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where((eb) => matching(eb, filter))
    .executeTakeFirstOrThrow()
  return total
}

/** Finds a category and locks it until the transaction ends. */
export function findCategoryForUpdate(tx: Transaction<Schema>, id: string): Promise<Category | undefined> {
  return tx
    .selectFrom('categories')
    .select(categoryFields)
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst()
}

export function insertCategory(tx: Transaction<Schema>, category: NewCategory): Promise<Category> {
  return tx.insertInto('categories').values(category).returning(categoryFields).executeTakeFirstOrThrow()
}

export function updateCategory(
  tx: Transaction<Schema>,
  id: string,
  changes: CategoryChanges & { deletedAt?: string },
): Promise<Category> {
  return tx
    .updateTable('categories')
    .set({ ...changes, updatedAt: sql`now()` })
    .where('id', '=', id)
    .returning(categoryFields)
    .executeTakeFirstOrThrow()
}

export async function hasProducts(tx: Transaction<Schema>, categoryId: string): Promise<boolean> {
  const product = await tx
    .selectFrom('products')
    .select('id')
    .where('categoryId', '=', categoryId)
    .where('deletedAt', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return product !== undefined
}
