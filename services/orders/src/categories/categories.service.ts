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
import { categoryErrors } from './categories.errors.ts'
import {
  countCategories,
  findCategoryForUpdate,
  hasProducts,
  insertCategory,
  listCategories,
  updateCategory,
} from './categories.repository.ts'
import {
  type Category,
  type CategoryChanges,
  categoryFields,
  type ListCategories,
  type NewCategory,
} from './categories.schema.ts'

const category = (id: string): ManagedSubject<Category> => ({
  type: 'category',
  find: (tx) => findCategoryForUpdate(tx, id),
  notFound: categoryErrors.category_not_found,
})

/** @throws AppError unknown_field, invalid_cursor */
export function readCategories(database: Database, request: ListCategories, options: ReadOptions) {
  return readList(database, request, options, {
    fields: categoryFields,
    sortedBy: ['position', 'id'],
    keyTypes: ['number', 'uuid'],
    list: (db, fields, slice) => listCategories(db, request, fields, slice),
    count: (db) => countCategories(db, request),
  })
}

/** @throws AppError cafeteria_not_found */
export function createCategory(edit: EditCatalogue, editor: Editor, body: NewCategory): Promise<Category> {
  return createManaged(edit, editor, 'category', body.cafeteriaId, (tx) => insertCategory(tx, body))
}

/** @throws AppError category_not_found */
export function changeCategory(
  edit: EditCatalogue,
  editor: Editor,
  id: string,
  changes: CategoryChanges,
): Promise<Category> {
  return changeManaged(edit, editor, category(id), (tx) => updateCategory(tx, id, changes))
}

/** @throws AppError category_not_found, category_not_empty */
export function removeCategory(edit: EditCatalogue, editor: Editor, id: string): Promise<void> {
  return removeManaged(edit, editor, category(id), async (tx) => {
    if (await hasProducts(tx, id)) throw categoryErrors.category_not_empty()
    await updateCategory(tx, id, { deletedAt: new Date().toISOString() })
  })
}
