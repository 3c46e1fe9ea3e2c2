import type { Schema } from '@comanda/database'
import { type ExpressionBuilder, type Kysely, sql, type Transaction } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { Slice } from '../lists/list-source.ts'
import { type ModifierGroup, modifierGroupFields, type NewModifierGroup } from './modifier-groups.schema.ts'

type ModifierGroupField = keyof ModifierGroup
type Groups = ExpressionBuilder<Schema, 'modifierGroups'>

function selection(eb: Groups, field: ModifierGroupField) {
  if (field !== 'modifiers') return `modifierGroups.${field}` as const
  return jsonArrayFrom(
    eb
      .selectFrom('modifiers')
      .select(['modifiers.id', 'modifiers.name', 'priceDeltaCents', 'available'])
      .whereRef('groupId', '=', 'modifierGroups.id')
      .where('modifiers.deletedAt', 'is', null)
      .orderBy('position')
      .orderBy('modifiers.id'),
  ).as(field)
}

/** Selects the groups that are not deleted, with their modifiers. */
export function selectGroups(
  db: Kysely<Schema>,
  fields: readonly ModifierGroupField[] = modifierGroupFields,
) {
  return db
    .selectFrom('modifierGroups')
    .select((eb) => fields.map((field) => selection(eb, field)))
    .where('modifierGroups.deletedAt', 'is', null)
    .$castTo<ModifierGroup>()
}

export interface ModifierGroupFilter {
  cafeteriaId?: string | undefined
}

/** Lists modifier groups by name. */
export async function listModifierGroups(
  db: Kysely<Schema>,
  { cafeteriaId }: ModifierGroupFilter,
  fields: readonly ModifierGroupField[],
  { limit, after, offset }: Slice<[name: string, id: string]>,
): Promise<Partial<ModifierGroup>[]> {
  let query = selectGroups(db, fields).orderBy('name').orderBy('id').limit(limit)
  if (cafeteriaId !== undefined) query = query.where('cafeteriaId', '=', cafeteriaId)
  if (after) query = query.where((eb) => eb(eb.refTuple('name', 'id'), '>', eb.tuple(...after)))
  if (offset) query = query.offset(offset)
  return query.execute()
}

export async function countModifierGroups(
  db: Kysely<Schema>,
  { cafeteriaId }: ModifierGroupFilter,
): Promise<number> {
  let query = db
    .selectFrom('modifierGroups')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where('deletedAt', 'is', null)
  if (cafeteriaId !== undefined) query = query.where('cafeteriaId', '=', cafeteriaId)
  return (await query.executeTakeFirstOrThrow()).total
}

/** Finds a group and locks it until the transaction ends. */
export function findModifierGroupForUpdate(
  tx: Transaction<Schema>,
  id: string,
): Promise<ModifierGroup | undefined> {
  return selectGroups(tx).where('id', '=', id).forUpdate().executeTakeFirst()
}

export function getModifierGroup(db: Kysely<Schema>, id: string): Promise<ModifierGroup> {
  return selectGroups(db).where('id', '=', id).executeTakeFirstOrThrow()
}

/** Inserts a group without modifiers. */
export async function insertModifierGroup(
  tx: Transaction<Schema>,
  group: Omit<NewModifierGroup, 'modifiers'>,
): Promise<string> {
  const { id } = await tx.insertInto('modifierGroups').values(group).returning('id').executeTakeFirstOrThrow()
  return id
}

export async function updateModifierGroup(
  tx: Transaction<Schema>,
  id: string,
  changes: { name?: string; minSelect?: number; maxSelect?: number },
): Promise<void> {
  await tx
    .updateTable('modifierGroups')
    .set({ ...changes, updatedAt: sql`now()` })
    .where('id', '=', id)
    .execute()
}

/** Deletes a group and its modifiers, and removes it from the products that offered it. */
export async function deleteModifierGroup(tx: Transaction<Schema>, id: string): Promise<void> {
  await sql`
    with unlinked as (delete from product_modifier_groups where group_id = ${id}),
      emptied as (update modifiers set deleted_at = now() where group_id = ${id} and deleted_at is null)
    update modifier_groups set deleted_at = now(), updated_at = now() where id = ${id}`.execute(tx)
}
