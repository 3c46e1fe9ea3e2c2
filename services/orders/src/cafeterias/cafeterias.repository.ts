import type { Schema } from '@comanda/database'
import { type ExpressionBuilder, type Kysely, sql, type Transaction } from 'kysely'
import type { Slice } from '../lists/list-source.ts'
import {
  type Cafeteria,
  type CafeteriaChanges,
  cafeteriaFields,
  type NewCafeteria,
} from './cafeterias.schema.ts'

type CafeteriaField = keyof Cafeteria

const hoursHold = (kind: 'opening' | 'ordering') =>
  sql<boolean>`is_open(cafeterias.id, cafeterias.time_zone, ${sql.lit(kind)}, now())`

function selection(_: ExpressionBuilder<Schema, 'cafeterias'>, field: CafeteriaField) {
  switch (field) {
    case 'openNow':
      return hoursHold('opening').as('openNow')
    case 'orderingNow':
      return sql<boolean>`paused_at is null and ${hoursHold('ordering')}`.as('orderingNow')
    default:
      return `cafeterias.${field}` as const
  }
}

function selectCafeterias(db: Kysely<Schema>, fields: readonly CafeteriaField[]) {
  return db
    .selectFrom('cafeterias')
    .select((eb) => fields.map((field) => selection(eb, field)))
    .where('deletedAt', 'is', null)
}

/** The moment at which the cafeteria opens or closes next, at the latest tomorrow. */
const changesAt = sql<string>`next_hours_change(cafeterias.id, cafeterias.time_zone, now())`.as('changesAt')

export interface TimeBound {
  /** The moment from which what was read is not true any more. */
  changesAt: string
}

/** Lists cafeterias by name. */
export async function listCafeterias(
  db: Kysely<Schema>,
  fields: readonly CafeteriaField[],
  { limit, after, offset }: Slice<[name: string, id: string]>,
): Promise<(Partial<Cafeteria> & TimeBound)[]> {
  let query = selectCafeterias(db, fields).select(changesAt).orderBy('name').orderBy('id').limit(limit)
  if (after) query = query.where((eb) => eb(eb.refTuple('name', 'id'), '>', eb.tuple(...after)))
  if (offset) query = query.offset(offset)
  return (await query.execute()) as (Partial<Cafeteria> & TimeBound)[]
}

export async function countCafeterias(db: Kysely<Schema>): Promise<number> {
  const { total } = await db
    .selectFrom('cafeterias')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where('deletedAt', 'is', null)
    .executeTakeFirstOrThrow()
  return total
}

async function findCafeteria(db: Kysely<Schema>, id: string): Promise<Cafeteria | undefined> {
  const row = await selectCafeterias(db, cafeteriaFields).where('id', '=', id).executeTakeFirst()
  return row as Cafeteria | undefined
}

/** Finds a cafeteria with what depends on the time, and how long that is true. */
export async function findCafeteriaNow(
  db: Kysely<Schema>,
  id: string,
): Promise<(Cafeteria & TimeBound) | undefined> {
  const query = selectCafeterias(db, cafeteriaFields).select(changesAt).where('id', '=', id)
  return (await query.executeTakeFirst()) as (Cafeteria & TimeBound) | undefined
}

/** Finds a cafeteria and locks it against changes until the transaction ends; orders can still be placed meanwhile. */
export async function findCafeteriaForUpdate(
  tx: Transaction<Schema>,
  id: string,
): Promise<Cafeteria | undefined> {
  const row = await selectCafeterias(tx, cafeteriaFields)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row as Cafeteria | undefined
}

/** Inserts a cafeteria. Undefined: the slug is taken. */
export async function insertCafeteria(
  tx: Transaction<Schema>,
  cafeteria: NewCafeteria,
): Promise<Cafeteria | undefined> {
  const inserted = await tx
    .insertInto('cafeterias')
    .values(cafeteria)
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted && findCafeteria(tx, inserted.id)
}

export async function updateCafeteria(
  tx: Transaction<Schema>,
  id: string,
  changes: CafeteriaChanges & { pausedAt?: string | null; pauseReason?: string | null },
): Promise<Cafeteria> {
  await tx
    .updateTable('cafeterias')
    .set({ ...changes, updatedAt: sql`now()` })
    .where('id', '=', id)
    .execute()
  return (await findCafeteria(tx, id)) as Cafeteria
}
