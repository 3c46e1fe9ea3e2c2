import type { Schema } from '@comanda/database'
import { type ExpressionBuilder, type Kysely, sql, type Transaction } from 'kysely'
import type { Slice } from '../lists/list-source.ts'
import { type Mealtime, type MealtimeChanges, mealtimeFields, type NewMealtime } from './mealtimes.schema.ts'

type MealtimeField = keyof Mealtime

export interface MealtimeFilter {
  cafeteriaId?: string | undefined
}

function selection(field: MealtimeField) {
  // The seconds are left out, because they are always zero.
  if (field === 'starts' || field === 'ends') return sql<string>`left(${sql.ref(field)}::text, 5)`.as(field)
  return field
}

function selectMealtimes(db: Kysely<Schema>, fields: readonly MealtimeField[]) {
  return db.selectFrom('mealtimes').select(fields.map(selection)).$castTo<Mealtime>()
}

function matching(eb: ExpressionBuilder<Schema, 'mealtimes'>, { cafeteriaId }: MealtimeFilter) {
  return eb.and(cafeteriaId === undefined ? [] : [eb('cafeteriaId', '=', cafeteriaId)])
}

/** Lists mealtimes by name. */
export async function listMealtimes(
  db: Kysely<Schema>,
  filter: MealtimeFilter,
  fields: readonly MealtimeField[],
  { limit, after, offset }: Slice<[name: string, id: string]>,
): Promise<Partial<Mealtime>[]> {
  let query = selectMealtimes(db, fields)
    .where((eb) => matching(eb, filter))
    .orderBy('name')
    .orderBy('id')
    .limit(limit)
  if (after) query = query.where((eb) => eb(eb.refTuple('name', 'id'), '>', eb.tuple(...after)))
  if (offset) query = query.offset(offset)
  return query.execute()
}

export async function countMealtimes(db: Kysely<Schema>, filter: MealtimeFilter): Promise<number> {
  const { total } = await db
    .selectFrom('mealtimes')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where((eb) => matching(eb, filter))
    .executeTakeFirstOrThrow()
  return total
}

/** Finds a mealtime and locks it until the transaction ends. */
export function findMealtimeForUpdate(tx: Transaction<Schema>, id: string): Promise<Mealtime | undefined> {
  return selectMealtimes(tx, mealtimeFields).where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Whether another mealtime of the cafeteria has the name. */
export async function isNameTaken(
  tx: Transaction<Schema>,
  { cafeteriaId, name, exceptId }: { cafeteriaId: string; name: string; exceptId: string | null },
): Promise<boolean> {
  const other = await tx
    .selectFrom('mealtimes')
    .select('id')
    .where('cafeteriaId', '=', cafeteriaId)
    .where('name', '=', name)
    .where((eb) => eb('id', 'is distinct from', exceptId))
    .executeTakeFirst()
  return other !== undefined
}

export async function insertMealtime(tx: Transaction<Schema>, mealtime: NewMealtime): Promise<Mealtime> {
  const { id } = await tx.insertInto('mealtimes').values(mealtime).returning('id').executeTakeFirstOrThrow()
  return selectMealtimes(tx, mealtimeFields).where('id', '=', id).executeTakeFirstOrThrow()
}

export async function updateMealtime(
  tx: Transaction<Schema>,
  id: string,
  changes: MealtimeChanges,
): Promise<Mealtime> {
  await tx.updateTable('mealtimes').set(changes).where('id', '=', id).execute()
  return selectMealtimes(tx, mealtimeFields).where('id', '=', id).executeTakeFirstOrThrow()
}

/** Deletes a mealtime, also from deleted products; the audit log keeps it. False: products are still served at it. */
export async function deleteMealtime(tx: Transaction<Schema>, id: string): Promise<boolean> {
  await tx
    .updateTable('products')
    .set({ mealtimeId: null })
    .where('mealtimeId', '=', id)
    .where('deletedAt', 'is not', null)
    .execute()
  const { numDeletedRows } = await tx
    .deleteFrom('mealtimes')
    .where('id', '=', id)
    .where((eb) =>
      eb.not(eb.exists(eb.selectFrom('products').select('products.id').where('mealtimeId', '=', id))),
    )
    .executeTakeFirst()
  return numDeletedRows > 0n
}
