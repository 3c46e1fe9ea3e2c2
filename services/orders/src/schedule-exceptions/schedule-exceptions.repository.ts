import type { Schema } from '@comanda/database'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Slice } from '../lists/list-source.ts'
import {
  exceptionFields,
  type NewScheduleException,
  type ScheduleException,
} from './schedule-exceptions.schema.ts'

type ExceptionField = keyof ScheduleException

function selection(field: ExceptionField) {
  // The seconds are left out, because they are always zero.
  if (field === 'opens' || field === 'closes')
    return sql<string | null>`left(${sql.ref(`e.${field}`)}::text, 5)`.as(field)
  return `e.${field}` as const
}

/** Selects from schedule_exceptions, aliased as `e`. */
export function selectExceptions(db: Kysely<Schema>, fields: readonly ExceptionField[] = exceptionFields) {
  return db.selectFrom('scheduleExceptions as e').select(fields.map(selection)).$castTo<ScheduleException>()
}

export interface ExceptionFilter {
  cafeteriaId: string
  from: string | undefined
}

/** Lists exceptions by date. */
export async function listExceptions(
  db: Kysely<Schema>,
  { cafeteriaId, from }: ExceptionFilter,
  fields: readonly ExceptionField[],
  { limit, after, offset }: Slice<[date: string, id: string]>,
): Promise<Partial<ScheduleException>[]> {
  let query = selectExceptions(db, fields)
    .where('e.cafeteriaId', '=', cafeteriaId)
    .orderBy('e.date')
    .orderBy('e.id')
    .limit(limit)
  if (from !== undefined) query = query.where('e.date', '>=', from)
  // Dates are compared as text, because a cursor may contain anything, and ISO dates sort the same way.
  if (after) query = query.where(sql<boolean>`(e.date::text, e.id) > (${after[0]}, ${after[1]}::uuid)`)
  if (offset) query = query.offset(offset)
  return query.execute()
}

export async function countExceptions(
  db: Kysely<Schema>,
  { cafeteriaId, from }: ExceptionFilter,
): Promise<number> {
  let query = db
    .selectFrom('scheduleExceptions')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where('cafeteriaId', '=', cafeteriaId)
  if (from !== undefined) query = query.where('date', '>=', from)
  return (await query.executeTakeFirstOrThrow()).total
}

/** Inserts an exception. Undefined: the date has one already. */
export async function insertException(
  tx: Transaction<Schema>,
  cafeteriaId: string,
  exception: NewScheduleException,
): Promise<ScheduleException | undefined> {
  const inserted = await tx
    .insertInto('scheduleExceptions')
    .values({ opens: null, closes: null, ...exception, cafeteriaId })
    .onConflict((conflict) => conflict.columns(['cafeteriaId', 'date']).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) return undefined
  return selectExceptions(tx).where('e.id', '=', inserted.id).executeTakeFirstOrThrow()
}

/** Deletes an exception and returns it. Undefined: there was none. The audit log keeps it. */
export async function deleteException(
  tx: Transaction<Schema>,
  cafeteriaId: string,
  id: string,
): Promise<ScheduleException | undefined> {
  const exception = await selectExceptions(tx)
    .where('e.id', '=', id)
    .where('e.cafeteriaId', '=', cafeteriaId)
    .executeTakeFirst()
  if (exception) await tx.deleteFrom('scheduleExceptions').where('id', '=', id).execute()
  return exception
}
