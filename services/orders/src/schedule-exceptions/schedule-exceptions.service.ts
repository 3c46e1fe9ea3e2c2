import type { Database, ReadOptions } from '@comanda/database'
import { insertAuditEntry } from '../audit/audit.repository.ts'
import type { Editor } from '../audit/editor.ts'
import { getCafeteria } from '../cafeterias/cafeterias.service.ts'
import { hoursErrors } from '../cafeterias/hours.errors.ts'
import { getManagedCafeteria } from '../cafeterias/managed-cafeteria.ts'
import { refreshSlots } from '../cafeterias/slots-to-come.repository.ts'
import type { EditCatalogue } from '../catalogue/edit-catalogue.ts'
import { readList } from '../lists/list-source.ts'
import { scheduleExceptionErrors } from './schedule-exceptions.errors.ts'
import {
  countExceptions,
  deleteException,
  insertException,
  listExceptions,
} from './schedule-exceptions.repository.ts'
import {
  exceptionFields,
  type ListScheduleExceptions,
  type NewScheduleException,
  type ScheduleException,
} from './schedule-exceptions.schema.ts'

const subjectType = 'schedule_exception'

/** @throws AppError cafeteria_not_found, unknown_field, invalid_cursor */
export async function readExceptions(
  database: Database,
  cafeteriaId: string,
  request: ListScheduleExceptions,
  options: ReadOptions,
) {
  const filter = { cafeteriaId, from: request.from }
  const list = await readList(database, request, options, {
    fields: exceptionFields,
    sortedBy: ['date', 'id'],
    keyTypes: ['string', 'uuid'],
    list: (db, fields, slice) => listExceptions(db, filter, fields, slice),
    count: (db) => countExceptions(db, filter),
  })
  // A list with members proves that the cafeteria exists; only for an empty one it is checked.
  if (list.data.length === 0) await getCafeteria(database, cafeteriaId, options)
  return list
}

/**
 * Adds an exception, and makes the slots of its date and of the night after it agree with it.
 * @throws AppError cafeteria_not_found, hours_invalid, schedule_exception_exists
 */
export function createException(
  edit: EditCatalogue,
  editor: Editor,
  cafeteriaId: string,
  body: NewScheduleException,
): Promise<ScheduleException> {
  checkTimes(body)
  return edit(async (tx) => {
    await getManagedCafeteria(tx, editor.caller, cafeteriaId)
    const after = await insertException(tx, cafeteriaId, body)
    if (!after) throw scheduleExceptionErrors.schedule_exception_exists()
    const action = 'schedule_exception.create'
    await insertAuditEntry(tx, editor, {
      action,
      subjectType,
      subjectId: after.id,
      cafeteriaId,
      before: null,
      after,
    })
    await refreshSlots(tx, cafeteriaId)
    return after
  })
}

/** Deletes an exception; its date has the hours of the week again. @throws AppError cafeteria_not_found, schedule_exception_not_found */
export function removeException(
  edit: EditCatalogue,
  editor: Editor,
  cafeteriaId: string,
  id: string,
): Promise<void> {
  return edit(async (tx) => {
    await getManagedCafeteria(tx, editor.caller, cafeteriaId)
    const before = await deleteException(tx, cafeteriaId, id)
    if (!before) throw scheduleExceptionErrors.schedule_exception_not_found()
    const action = 'schedule_exception.delete'
    await insertAuditEntry(tx, editor, {
      action,
      subjectType,
      subjectId: id,
      cafeteriaId,
      before,
      after: null,
    })
    await refreshSlots(tx, cafeteriaId)
  })
}

function checkTimes({ opens, closes }: NewScheduleException): void {
  if ((opens === undefined) !== (closes === undefined)) {
    const errors = [
      { field: opens === undefined ? 'opens' : 'closes', message: 'is required with the other time' },
    ]
    throw hoursErrors.hours_invalid('Give both times, or neither for a day closed', { extra: { errors } })
  }
  if (opens !== undefined && closes !== undefined && closes === opens) {
    const errors = [{ field: 'closes', message: 'must differ from opens' }]
    throw hoursErrors.hours_invalid(undefined, { extra: { errors } })
  }
}
