import { type Caller, manages } from '@comanda/access'
import type { Database, ReadOptions } from '@comanda/database'
import { cafeteriaErrors } from '../cafeterias/cafeterias.errors.ts'
import { type ListPage, readListBy } from '../lists/list-source.ts'
import { countAuditLog, listAuditLog } from './audit-log.repository.ts'
import { type AuditLogEntry, auditLogFields, type ListAuditLog } from './audit-log.schema.ts'

/** The cafeterias whose entries the caller reads; undefined: all entries, as only administrators do. */
function cafeteriasOf(caller: Caller, cafeteriaId: string | undefined): string[] | undefined {
  if (cafeteriaId !== undefined) {
    if (!manages(caller, cafeteriaId)) throw cafeteriaErrors.cafeteria_not_found()
    return [cafeteriaId]
  }
  if (caller.role === 'admin') return undefined
  return Object.keys(caller.memberships).filter((id) => manages(caller, id))
}

/**
 * Reads a page of the audit log, newest first: an administrator reads all of it, a manager what was done at the cafeterias that they manage.
 * @throws AppError cafeteria_not_found, unknown_field, invalid_cursor
 */
export function readAuditLog(
  database: Database,
  caller: Caller,
  request: ListAuditLog,
  options: ReadOptions,
): Promise<ListPage<AuditLogEntry>> {
  const filter = { ...request, cafeteriaIds: cafeteriasOf(caller, request.cafeteriaId) }
  return readListBy((query) => database.read('catalogue', query, options), request, {
    fields: auditLogFields,
    sortedBy: ['id'],
    keyTypes: ['number'],
    list: (db, fields, slice) => listAuditLog(db, filter, fields, slice),
    count: (db) => countAuditLog(db, filter),
  })
}
