import type { Schema } from '@comanda/database'
import type { Transaction } from 'kysely'
import { productErrors } from './products.errors.ts'

/** The rows of its cafeteria that a product refers to. */
export interface ProductReferences {
  categoryId?: string | undefined
  mealtimeId?: string | null | undefined
  modifierGroupIds?: readonly string[] | undefined
}

/**
 * Checks that what a product is to refer to belongs to its cafeteria, and locks it until the transaction ends.
 * @throws AppError category_unknown, mealtime_unknown, modifier_group_unknown, with the field
 */
export async function checkReferences(
  tx: Transaction<Schema>,
  cafeteriaId: string,
  { categoryId, mealtimeId, modifierGroupIds = [] }: ProductReferences,
): Promise<void> {
  const find = (table: 'categories' | 'modifierGroups', ids: readonly string[]) =>
    tx
      .selectFrom(table)
      .select('id')
      .where('id', 'in', ids)
      .where('cafeteriaId', '=', cafeteriaId)
      .where('deletedAt', 'is', null)
      // Rows are locked in the order of their ids, so that two managers cannot deadlock.
      .orderBy('id')
      .forKeyShare()
      .execute()

  if (categoryId !== undefined && (await find('categories', [categoryId])).length === 0) {
    throw productErrors.category_unknown(undefined, unknown('categoryId'))
  }
  if (mealtimeId) {
    const mealtimes = tx.selectFrom('mealtimes').select('id').where('cafeteriaId', '=', cafeteriaId)
    const mealtime = await mealtimes.where('id', '=', mealtimeId).forKeyShare().executeTakeFirst()
    if (!mealtime) throw productErrors.mealtime_unknown(undefined, unknown('mealtimeId'))
  }
  if (modifierGroupIds.length > 0) {
    const found = new Set((await find('modifierGroups', modifierGroupIds)).map(({ id }) => id))
    const missing = modifierGroupIds.findIndex((id) => !found.has(id.toLowerCase()))
    if (missing !== -1) {
      throw productErrors.modifier_group_unknown(undefined, unknown(`modifierGroupIds[${missing}]`))
    }
  }
}

function unknown(field: string) {
  return { extra: { errors: [{ field, message: 'is not one of the cafeteria' }] } }
}
