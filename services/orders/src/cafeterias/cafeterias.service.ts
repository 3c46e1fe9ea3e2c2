import type { Database, ReadOptions } from '@comanda/database'
import { insertAuditEntry } from '../audit/audit.repository.ts'
import type { Editor } from '../audit/editor.ts'
import type { EditCatalogue } from '../catalogue/edit-catalogue.ts'
import { type ListRequest, readList } from '../lists/list-source.ts'
import { cafeteriaErrors } from './cafeterias.errors.ts'
import {
  countCafeterias,
  findCafeteriaNow,
  insertCafeteria,
  listCafeterias,
  type TimeBound,
  updateCafeteria,
} from './cafeterias.repository.ts'
import {
  type Cafeteria,
  type CafeteriaChanges,
  cafeteriaFields,
  type NewCafeteria,
} from './cafeterias.schema.ts'
import { getManagedCafeteria } from './managed-cafeteria.ts'
import { refreshSlots } from './slots-to-come.repository.ts'
import { checkTimeZone } from './time-zone.ts'

/**
 * Reads a page of cafeterias, and the moment when one of them opens or closes next (null when there is none).
 * @throws AppError unknown_field, invalid_cursor
 */
export async function readCafeterias(database: Database, request: ListRequest, options: ReadOptions) {
  let changesAt: string | null = null
  const list = await readList(database, request, options, {
    fields: cafeteriaFields,
    sortedBy: ['name', 'id'],
    keyTypes: ['string', 'uuid'],
    async list(db, fields, slice) {
      const rows = await listCafeterias(db, fields, slice)
      for (const row of rows) {
        if (changesAt === null || Date.parse(row.changesAt) < Date.parse(changesAt)) changesAt = row.changesAt
      }
      return rows
    },
    count: countCafeterias,
  })
  return { list, changesAt }
}

/** @throws AppError cafeteria_not_found */
export async function getCafeteria(
  database: Database,
  id: string,
  options: ReadOptions,
): Promise<Cafeteria & TimeBound> {
  const cafeteria = await database.find('catalogue', (db) => findCafeteriaNow(db, id), options)
  if (!cafeteria) throw cafeteriaErrors.cafeteria_not_found()
  return cafeteria
}

/** Adds a cafeteria, which is closed until it gets hours. @throws AppError cafeteria_slug_taken, time_zone_unknown */
export function createCafeteria(edit: EditCatalogue, editor: Editor, body: NewCafeteria): Promise<Cafeteria> {
  checkTimeZone(body.timeZone)
  return edit(async (tx) => {
    const cafeteria = await insertCafeteria(tx, body)
    if (!cafeteria) throw cafeteriaErrors.cafeteria_slug_taken()
    await insertAuditEntry(tx, editor, {
      action: 'cafeteria.create',
      subjectType: 'cafeteria',
      subjectId: cafeteria.id,
      cafeteriaId: cafeteria.id,
      before: null,
      after: cafeteria,
    })
    return cafeteria
  })
}

/** @throws AppError cafeteria_not_found, time_zone_unknown */
export function changeCafeteria(
  edit: EditCatalogue,
  editor: Editor,
  id: string,
  changes: CafeteriaChanges,
): Promise<Cafeteria> {
  checkTimeZone(changes.timeZone)
  return change(edit, editor, id, 'cafeteria.update', () => changes)
}

/** Stops taking orders until it is resumed. Pausing once more changes the reason. @throws AppError cafeteria_not_found */
export function pauseCafeteria(
  edit: EditCatalogue,
  editor: Editor,
  id: string,
  reason: string | undefined,
): Promise<Cafeteria> {
  return change(edit, editor, id, 'cafeteria.pause', ({ pausedAt }) => ({
    pausedAt: pausedAt ?? new Date().toISOString(),
    pauseReason: reason ?? null,
  }))
}

/** @throws AppError cafeteria_not_found */
export function resumeCafeteria(edit: EditCatalogue, editor: Editor, id: string): Promise<Cafeteria> {
  return change(edit, editor, id, 'cafeteria.resume', () => ({ pausedAt: null, pauseReason: null }))
}

function change(
  edit: EditCatalogue,
  editor: Editor,
  id: string,
  action: string,
  changesOf: (before: Cafeteria) => Parameters<typeof updateCafeteria>[2],
): Promise<Cafeteria> {
  return edit(async (tx) => {
    const before = await getManagedCafeteria(tx, editor.caller, id)
    const after = await updateCafeteria(tx, id, changesOf(before))
    await insertAuditEntry(tx, editor, {
      action,
      subjectType: 'cafeteria',
      subjectId: id,
      cafeteriaId: id,
      before,
      after,
    })
    // This comes last, because placing any order waits for these rows.
    if (layoutOf(before) !== layoutOf(after)) await refreshSlots(tx, id)
    return after
  })
}

/** What the slots to come depend on, besides the hours. */
function layoutOf({ timeZone, slotMinutes, slotCapacityOrders, slotCapacityMakeSeconds }: Cafeteria): string {
  return JSON.stringify([timeZone, slotMinutes, slotCapacityOrders, slotCapacityMakeSeconds])
}
