import type { Schema } from '@comanda/database'
import { mostNumberedRows } from '@comanda/service'
import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely'
import type { Slice } from '../lists/list-source.ts'
import type { AuditLogEntry } from './audit-log.schema.ts'

export interface AuditLogFilter {
  /** The entries of these cafeterias; undefined: all. */
  cafeteriaIds?: readonly string[] | undefined
  actorId?: string | undefined
  action?: string | undefined
  subjectType?: string | undefined
  subjectId?: string | undefined
  requestId?: string | undefined
  /** The earliest moment, included. */
  from?: string | undefined
  /** The end, excluded. */
  until?: string | undefined
}

const equal = ['actorId', 'action', 'subjectType', 'subjectId', 'requestId'] as const

function matching(eb: ExpressionBuilder<Schema, 'auditLog'>, filter: AuditLogFilter) {
  const { cafeteriaIds, from, until } = filter
  const conditions: Expression<SqlBool>[] = equal.flatMap((column) => {
    const value = filter[column]
    return value === undefined ? [] : [eb(column, '=', value)]
  })
  // A single cafeteria is compared by `=`, so that an index in the order of the list can answer.
  if (cafeteriaIds?.length === 1) conditions.push(eb('cafeteriaId', '=', cafeteriaIds[0] as string))
  else if (cafeteriaIds) conditions.push(sql<boolean>`cafeteria_id = any(${cafeteriaIds}::uuid[])`)
  if (from !== undefined) conditions.push(eb('at', '>=', from))
  if (until !== undefined) conditions.push(eb('at', '<', until))
  return eb.and(conditions)
}

/** Lists entries of the audit log, newest first. */
export async function listAuditLog(
  db: Kysely<Schema>,
  filter: AuditLogFilter,
  fields: readonly (keyof AuditLogEntry)[],
  { limit, after, offset }: Slice<[id: number]>,
): Promise<Partial<AuditLogEntry>[]> {
  let query = db
    .selectFrom('auditLog')
    .select(fields)
    .where((eb) => matching(eb, filter))
    .orderBy('id', 'desc')
    .limit(limit)
  if (after) query = query.where('id', '<', after[0])
  if (offset) query = query.offset(offset)
  return query.execute()
}

export async function countAuditLog(db: Kysely<Schema>, filter: AuditLogFilter): Promise<number> {
  const counted = db
    .selectFrom('auditLog')
    .select('id')
    .where((eb) => matching(eb, filter))
    .limit(mostNumberedRows + 1)
  const { total } = await db
    .selectFrom(counted.as('counted'))
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return total
}
