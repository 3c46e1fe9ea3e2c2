import type { Database, ReadOptions } from '@comanda/database'
import { insertAuditEntry } from '../audit/audit.repository.ts'
import type { Editor } from '../audit/editor.ts'
import { cafeteriaErrors } from '../cafeterias/cafeterias.errors.ts'
import { hoursErrors } from '../cafeterias/hours.errors.ts'
import { getManagedCafeteria } from '../cafeterias/managed-cafeteria.ts'
import { refreshSlots } from '../cafeterias/slots-to-come.repository.ts'
import type { EditCatalogue } from '../catalogue/edit-catalogue.ts'
import { findHours, replaceHours, type TimeBoundHours } from './hours.repository.ts'
import type { Hours, NewHours, WeeklyHours } from './hours.schema.ts'
import { findHoursProblem } from './weekly-hours.ts'

/** @throws AppError cafeteria_not_found */
export async function getHours(
  database: Database,
  cafeteriaId: string,
  options: ReadOptions,
): Promise<TimeBoundHours> {
  const hours = await database.find('catalogue', (db) => findHours(db, cafeteriaId), options)
  if (!hours) throw cafeteriaErrors.cafeteria_not_found()
  return hours
}

/**
 * Replaces the hours of the week, and makes the slots to come agree with them.
 * @throws AppError cafeteria_not_found, hours_invalid, hours_overlap
 */
export function setHours(
  edit: EditCatalogue,
  editor: Editor,
  cafeteriaId: string,
  { opening, ordering = opening }: NewHours,
): Promise<Hours> {
  checkWeek('opening', opening)
  checkWeek('ordering', ordering)
  return edit(async (tx) => {
    await getManagedCafeteria(tx, editor.caller, cafeteriaId)
    const before = (await findHours(tx, cafeteriaId)) as Hours
    await replaceHours(tx, cafeteriaId, { opening, ordering })
    const after = (await findHours(tx, cafeteriaId)) as Hours
    await insertAuditEntry(tx, editor, {
      action: 'hours.replace',
      subjectType: 'cafeteria',
      subjectId: cafeteriaId,
      cafeteriaId,
      before: { opening: before.opening, ordering: before.ordering },
      after: { opening: after.opening, ordering: after.ordering },
    })
    await refreshSlots(tx, cafeteriaId)
    return after
  })
}

function checkWeek(kind: 'opening' | 'ordering', week: readonly WeeklyHours[]): void {
  const problem = findHoursProblem(week)
  if (!problem) return
  const message =
    problem.code === 'hours_invalid' ? 'must differ from opens' : 'overlaps with other hours of the week'
  const field = `${kind}[${problem.index}]${problem.code === 'hours_invalid' ? '.closes' : ''}`
  throw hoursErrors[problem.code](undefined, { extra: { errors: [{ field, message }] } })
}
