import type { Schema } from '@comanda/database'
import { type Expression, type ExpressionBuilder, type Kysely, type SqlBool, sql } from 'kysely'
import { countRows } from '../lists/count-rows.ts'
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

type Entries = ExpressionBuilder<Schema, 'auditLog'>

/** The conditions of a filter but for its cafeterias. */
function matching(eb: Entries, filter: AuditLogFilter): Expression<SqlBool> {
  const { from, until } = filter
  const conditions: Expression<SqlBool>[] = equal.flatMap((column) => {
    const value = filter[column]
    return value === undefined ? [] : [eb(column, '=', value)]
  })
  if (from !== undefined) conditions.push(eb('at', '>=', from), sql`id > ${lastIdBefore(from)}`)
  if (until !== undefined) conditions.push(eb('at', '<', until), sql`id < ${firstIdAfter(until)}`)
  return eb.and(conditions)
}

/**
 * Ids grow with the moments of entries, so that a list between two moments begins and ends at ids, where every index can begin and end too.
 * An entry has its id a little after its moment, which is that of its transaction's begin: no transaction lasts for the hour that is left
 * between the two, and `at` is compared as well.
 */
const lastIdBefore = (from: string) => sql`coalesce((
  select id from audit_log where at < ${from}::timestamptz - interval '1 hour' order by at desc, id desc limit 1), 0)`

const firstIdAfter = (until: string) => sql`coalesce((
  select id from audit_log where at >= ${until}::timestamptz + interval '1 hour' order by at, id limit 1), ${greatestId}::bigint)`

const greatestId = '9223372036854775807'

/** Lists entries of the audit log, newest first; each has its id, also where `fields` does not name it. */
export async function listAuditLog(
  db: Kysely<Schema>,
  filter: AuditLogFilter,
  fields: readonly (keyof AuditLogEntry)[],
  slice: Slice<[id: number]>,
): Promise<Partial<AuditLogEntry>[]> {
  const columns = [...new Set([...fields, 'id' as const])]
  const { cafeteriaIds } = filter
  const page = cafeteriaIds
    ? pageOfCafeterias(db, filter, cafeteriaIds, columns, slice)
    : pageOf(db, filter, columns, slice)
  return page.execute()
}

/** The newest entries that match; with `cafeteria`, those of the cafeteria that it refers to. */
function pageOf(
  db: Kysely<Schema>,
  filter: AuditLogFilter,
  columns: readonly (keyof AuditLogEntry)[],
  { limit, after, offset }: Slice<[id: number]>,
  cafeteria?: Expression<string>,
) {
  let query = db
    .selectFrom('auditLog')
    .select(columns)
    .where((eb) => matching(eb, filter))
    .orderBy('id', 'desc')
    .limit(limit)
  if (cafeteria) query = query.where('cafeteriaId', '=', cafeteria)
  if (after) query = query.where('id', '<', after[0])
  return offset ? query.offset(offset) : query
}

/**
 * The newest entries of some cafeterias: the entries of each are an index in the order of the list, of which no more than a page is read.
 * Postgres itself would read all entries of several cafeterias, and sort them.
 */
function pageOfCafeterias(
  db: Kysely<Schema>,
  filter: AuditLogFilter,
  cafeteriaIds: readonly string[],
  columns: readonly (keyof AuditLogEntry)[],
  { limit, after, offset = 0 }: Slice<[id: number]>,
) {
  const cafeterias = sql<{ cafeteria: string }>`unnest(${[...new Set(cafeteriaIds)]}::uuid[])`
  const entries = pageOf(db, filter, columns, { limit: limit + offset, after }, sql.ref('chosen.cafeteria'))
  return db
    .selectFrom(cafeterias.as<'chosen'>(sql`chosen (cafeteria)`))
    .innerJoinLateral(entries.as('entry'), (join) => join.onTrue())
    .selectAll('entry')
    .orderBy('entry.id', 'desc')
    .limit(limit)
    .offset(offset)
}

export function countAuditLog(db: Kysely<Schema>, filter: AuditLogFilter): Promise<number> {
  const { cafeteriaIds } = filter
  let matched = db
    .selectFrom('auditLog')
    .select('id')
    .where((eb) => matching(eb, filter))
  if (cafeteriaIds) matched = matched.where(sql<boolean>`cafeteria_id = any(${cafeteriaIds}::uuid[])`)
  return countRows(db, matched)
}
