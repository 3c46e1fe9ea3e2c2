import type { Database, ReadOptions } from '@comanda/database'
import type { Editor } from '../audit/editor.ts'
import {
  changeManaged,
  createManaged,
  type ManagedSubject,
  removeManaged,
} from '../cafeterias/managed-change.ts'
import type { EditCatalogue } from '../catalogue/edit-catalogue.ts'
import { readList } from '../lists/list-source.ts'
import { modifierGroupErrors } from './modifier-groups.errors.ts'
import {
  countModifierGroups,
  deleteModifierGroup,
  findModifierGroupForUpdate,
  getModifierGroup,
  insertModifierGroup,
  listModifierGroups,
  updateModifierGroup,
} from './modifier-groups.repository.ts'
import {
  type ListModifierGroups,
  type ModifierChange,
  type ModifierGroup,
  type ModifierGroupChanges,
  modifierGroupFields,
  type NewModifierGroup,
} from './modifier-groups.schema.ts'
import { replaceModifiers } from './modifiers.repository.ts'

const modifierGroup = (id: string): ManagedSubject<ModifierGroup> => ({
  type: 'modifier_group',
  find: (tx) => findModifierGroupForUpdate(tx, id),
  notFound: modifierGroupErrors.modifier_group_not_found,
})

/** @throws AppError unknown_field, invalid_cursor */
export function readModifierGroups(database: Database, request: ListModifierGroups, options: ReadOptions) {
  return readList(database, request, options, {
    fields: modifierGroupFields,
    sortedBy: ['name', 'id'],
    keyTypes: ['string', 'uuid'],
    list: (db, fields, slice) => listModifierGroups(db, request, fields, slice),
    count: (db) => countModifierGroups(db, request),
  })
}

/** @throws AppError cafeteria_not_found, modifier_limits_invalid */
export function createModifierGroup(
  edit: EditCatalogue,
  editor: Editor,
  { modifiers, ...group }: NewModifierGroup,
): Promise<ModifierGroup> {
  const { minSelect = 0, maxSelect = 1 } = group
  checkLimits({ minSelect, maxSelect, modifiers })
  return createManaged(edit, editor, 'modifier_group', group.cafeteriaId, async (tx) => {
    const id = await insertModifierGroup(tx, { ...group, minSelect, maxSelect })
    await replaceModifiers(tx, id, modifiers)
    return getModifierGroup(tx, id)
  })
}

/** @throws AppError modifier_group_not_found, modifier_of_another_group, modifier_limits_invalid */
export function changeModifierGroup(
  edit: EditCatalogue,
  editor: Editor,
  id: string,
  { modifiers, ...changes }: ModifierGroupChanges,
): Promise<ModifierGroup> {
  return changeManaged(edit, editor, modifierGroup(id), async (tx, before) => {
    if (modifiers) checkOwn(before, modifiers)
    checkLimits({ ...before, ...changes, modifiers: modifiers ?? before.modifiers })
    await updateModifierGroup(tx, id, changes)
    if (modifiers) await replaceModifiers(tx, id, modifiers)
    return getModifierGroup(tx, id)
  })
}

/** Deletes a group; no product offers it any longer. @throws AppError modifier_group_not_found */
export function removeModifierGroup(edit: EditCatalogue, editor: Editor, id: string): Promise<void> {
  return removeManaged(edit, editor, modifierGroup(id), (tx) => deleteModifierGroup(tx, id))
}

/** Checks that the limits can be kept; otherwise a product that offers the group could not be ordered. */
function checkLimits(group: { minSelect: number; maxSelect: number; modifiers: readonly unknown[] }): void {
  const { minSelect, maxSelect, modifiers } = group
  const most = Math.min(maxSelect, modifiers.length)
  if (minSelect <= most) return
  const errors = [{ field: 'minSelect', message: `must be at most ${most}` }]
  throw modifierGroupErrors.modifier_limits_invalid(undefined, { extra: { errors } })
}

/** Checks that every id belongs to the group, and that none comes twice. */
function checkOwn(group: ModifierGroup, changes: readonly ModifierChange[]): void {
  const left = new Set(group.modifiers.map(({ id }) => id))
  const errors = changes.flatMap(({ id }, at) =>
    id === undefined || left.delete(id)
      ? []
      : [{ field: `modifiers[${at}].id`, message: 'is not a modifier of this group, or comes twice' }],
  )
  if (errors.length > 0) throw modifierGroupErrors.modifier_of_another_group(undefined, { extra: { errors } })
}
