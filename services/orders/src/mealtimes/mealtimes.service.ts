import type { Database, ReadOptions, Schema } from '@comanda/database'
import type { Transaction } from 'kysely'
import type { Editor } from '../audit/editor.ts'
import { getManagedCafeteria } from '../cafeterias/managed-cafeteria.ts'
import {
  changeManaged,
  createManaged,
  type ManagedSubject,
  removeManaged,
} from '../cafeterias/managed-change.ts'
import type { EditCatalogue } from '../catalogue/edit-catalogue.ts'
import { readList } from '../lists/list-source.ts'
import { mealtimeErrors } from './mealtimes.errors.ts'
import {
  countMealtimes,
  deleteMealtime,
  findMealtimeForUpdate,
  insertMealtime,
  isNameTaken,
  listMealtimes,
  updateMealtime,
} from './mealtimes.repository.ts'
import {
  type ListMealtimes,
  type Mealtime,
  type MealtimeChanges,
  mealtimeFields,
  type NewMealtime,
} from './mealtimes.schema.ts'

const mealtime = (id: string): ManagedSubject<Mealtime> => ({
  type: 'mealtime',
  find: (tx) => findMealtimeForUpdate(tx, id),
  notFound: mealtimeErrors.mealtime_not_found,
})

/** @throws AppError unknown_field, invalid_cursor */
export function readMealtimes(database: Database, request: ListMealtimes, options: ReadOptions) {
  return readList(database, request, options, {
    fields: mealtimeFields,
    sortedBy: ['name', 'id'],
    keyTypes: ['string', 'uuid'],
    list: (db, fields, slice) => listMealtimes(db, request, fields, slice),
    count: (db) => countMealtimes(db, request),
  })
}

/** @throws AppError cafeteria_not_found, mealtime_invalid, mealtime_name_taken */
export function createMealtime(edit: EditCatalogue, editor: Editor, body: NewMealtime): Promise<Mealtime> {
  checkTimes(body)
  return createManaged(edit, editor, 'mealtime', body.cafeteriaId, async (tx) => {
    await checkName(tx, { ...body, exceptId: null })
    return insertMealtime(tx, body)
  })
}

/** @throws AppError mealtime_not_found, mealtime_invalid, mealtime_name_taken */
export function changeMealtime(
  edit: EditCatalogue,
  editor: Editor,
  id: string,
  changes: MealtimeChanges,
): Promise<Mealtime> {
  return changeManaged(edit, editor, mealtime(id), async (tx, before) => {
    checkTimes({ ...before, ...changes })
    if (changes.name !== undefined) {
      // The lock on the cafeteria lets one manager at a time choose names.
      await getManagedCafeteria(tx, editor.caller, before.cafeteriaId)
      await checkName(tx, { cafeteriaId: before.cafeteriaId, name: changes.name, exceptId: id })
    }
    return updateMealtime(tx, id, changes)
  })
}

/** @throws AppError mealtime_not_found, mealtime_in_use */
export function removeMealtime(edit: EditCatalogue, editor: Editor, id: string): Promise<void> {
  return removeManaged(edit, editor, mealtime(id), async (tx) => {
    if (!(await deleteMealtime(tx, id))) throw mealtimeErrors.mealtime_in_use()
  })
}

function checkTimes({ starts, ends }: { starts: string; ends: string }): void {
  if (starts !== ends) return
  const errors = [{ field: 'ends', message: 'must differ from starts' }]
  throw mealtimeErrors.mealtime_invalid(undefined, { extra: { errors } })
}

async function checkName(tx: Transaction<Schema>, name: Parameters<typeof isNameTaken>[1]): Promise<void> {
  if (!(await isNameTaken(tx, name))) return
  const errors = [{ field: 'name', message: 'is taken' }]
  throw mealtimeErrors.mealtime_name_taken(undefined, { extra: { errors } })
}
