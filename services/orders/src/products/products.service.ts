import { worksAt } from '@comanda/access'
import type { Database, ReadOptions } from '@comanda/database'
import type { CatalogueChanges } from '@comanda/events/catalogue'
import type { Editor } from '../audit/editor.ts'
import {
  changeManaged,
  createManaged,
  type ManagedSubject,
  removeManaged,
} from '../cafeterias/managed-change.ts'
import type { EditCatalogue } from '../catalogue/edit-catalogue.ts'
import { readList } from '../lists/list-source.ts'
import { type SetAvailability, stockOf } from './availability.ts'
import { checkReferences } from './product-references.ts'
import { productErrors } from './products.errors.ts'
import {
  countProducts,
  findProduct,
  findProductForUpdate,
  insertProduct,
  listProducts,
  replaceModifierGroups,
  updateAvailability,
  updateProduct,
} from './products.repository.ts'
import {
  type ListProducts,
  type NewProduct,
  type Product,
  type ProductChanges,
  productFields,
} from './products.schema.ts'

const product = (id: string): ManagedSubject<Product> => ({
  type: 'product',
  find: (tx) => findProductForUpdate(tx, id),
  notFound: productErrors.product_not_found,
})

/** @throws AppError unknown_field, invalid_cursor */
export function readProducts(database: Database, request: ListProducts, options: ReadOptions) {
  return readList(database, request, options, {
    fields: productFields,
    sortedBy: ['position', 'id'],
    keyTypes: ['number', 'uuid'],
    list: (db, fields, slice) => listProducts(db, request, fields, slice),
    count: (db) => countProducts(db, request),
  })
}

/** @throws AppError product_not_found */
export async function getProduct(database: Database, id: string, options: ReadOptions): Promise<Product> {
  const found = await database.find('catalogue', (db) => findProduct(db, id), options)
  if (!found) throw productErrors.product_not_found()
  return found
}

/** @throws AppError cafeteria_not_found, category_unknown, mealtime_unknown, modifier_group_unknown */
export function createProduct(edit: EditCatalogue, editor: Editor, body: NewProduct): Promise<Product> {
  const { modifierGroupIds = [], availability = { status: 'in_stock' }, ...values } = body
  return createManaged(edit, editor, 'product', body.cafeteriaId, async (tx) => {
    await checkReferences(tx, body.cafeteriaId, body)
    const id = await insertProduct(tx, { ...values, ...stockOf(availability) })
    await replaceModifierGroups(tx, id, modifierGroupIds)
    return (await findProduct(tx, id)) as Product
  })
}

/** @throws AppError product_not_found, category_unknown, mealtime_unknown, modifier_group_unknown */
export function changeProduct(
  edit: EditCatalogue,
  editor: Editor,
  id: string,
  changes: ProductChanges,
): Promise<Product> {
  const { modifierGroupIds, availability, ...values } = changes
  return changeManaged(edit, editor, product(id), async (tx, before) => {
    await checkReferences(tx, before.cafeteriaId, changes)
    await updateProduct(tx, id, { ...values, ...(availability && stockOf(availability)) })
    if (modifierGroupIds) await replaceModifierGroups(tx, id, modifierGroupIds)
    return (await findProduct(tx, id)) as Product
  })
}

/** Deletes a product; orders that contain it keep it. @throws AppError product_not_found */
export function removeProduct(edit: EditCatalogue, editor: Editor, id: string): Promise<void> {
  return removeManaged(edit, editor, product(id), (tx) =>
    updateProduct(tx, id, { deletedAt: new Date().toISOString() }),
  )
}

/** Sets a product's availability, for everybody who works at its cafeteria. @throws AppError product_not_found */
export async function setAvailability(
  { database, changes }: { database: Database; changes: CatalogueChanges },
  editor: Editor,
  id: string,
  availability: SetAvailability,
): Promise<Product> {
  const before = await findProduct(database.primary, id)
  if (!before || !worksAt(editor.caller, before.cafeteriaId)) throw productErrors.product_not_found()
  await updateAvailability(database.primary, editor, id, availability)
  await changes.stockChanged(before.cafeteriaId, 'availability')
  const after = await findProduct(database.primary, id)
  if (!after) throw productErrors.product_not_found()
  return after
}
