import { manages } from '@comanda/access'
import type { Schema } from '@comanda/database'
import type { AppError } from '@comanda/errors'
import type { Transaction } from 'kysely'
import { insertAuditEntry } from '../audit/audit.repository.ts'
import type { Editor } from '../audit/editor.ts'
import type { EditCatalogue } from '../catalogue/edit-catalogue.ts'
import { getManagedCafeteria } from './managed-cafeteria.ts'

/** A row that belongs to a cafeteria and that its managers edit. */
interface Managed {
  id: string
  cafeteriaId: string
}

/**
 * Adds something to a cafeteria that the editor manages, with its audit entry, in one transaction.
 * @throws AppError cafeteria_not_found, and what `insert` throws
 */
export function createManaged<Created extends Managed>(
  edit: EditCatalogue,
  editor: Editor,
  subjectType: string,
  cafeteriaId: string,
  insert: (tx: Transaction<Schema>) => Promise<Created>,
): Promise<Created> {
  return edit(async (tx) => {
    await getManagedCafeteria(tx, editor.caller, cafeteriaId)
    const after = await insert(tx)
    const action = `${subjectType}.create`
    await insertAuditEntry(tx, editor, {
      action,
      subjectType,
      subjectId: after.id,
      cafeteriaId,
      before: null,
      after,
    })
    return after
  })
}

/** What is edited: how it is found and locked until the transaction ends, and what is thrown when it does not exist. */
export interface ManagedSubject<Found extends Managed> {
  type: string
  find: (tx: Transaction<Schema>) => Promise<Found | undefined>
  notFound: () => AppError
}

/**
 * Changes something of a cafeteria that the editor manages, with its audit entry, in one transaction.
 * @throws AppError that of `notFound`, also when the editor does not manage its cafeteria, and what `update` throws
 */
export function changeManaged<Found extends Managed>(
  edit: EditCatalogue,
  editor: Editor,
  subject: ManagedSubject<Found>,
  update: (tx: Transaction<Schema>, before: Found) => Promise<Found>,
): Promise<Found> {
  return edit(async (tx) => {
    const before = await getManaged(tx, editor, subject)
    const after = await update(tx, before)
    const action = `${subject.type}.update`
    await insertAuditEntry(tx, editor, {
      action,
      subjectType: subject.type,
      subjectId: before.id,
      cafeteriaId: before.cafeteriaId,
      before,
      after,
    })
    return after
  })
}

/**
 * Deletes something of a cafeteria that the editor manages, with its audit entry, in one transaction.
 * @throws AppError that of `notFound`, also when the editor does not manage its cafeteria, and what `remove` throws
 */
export function removeManaged<Found extends Managed>(
  edit: EditCatalogue,
  editor: Editor,
  subject: ManagedSubject<Found>,
  remove: (tx: Transaction<Schema>, before: Found) => Promise<void>,
): Promise<void> {
  return edit(async (tx) => {
    const before = await getManaged(tx, editor, subject)
    await remove(tx, before)
    const action = `${subject.type}.delete`
    await insertAuditEntry(tx, editor, {
      action,
      subjectType: subject.type,
      subjectId: before.id,
      cafeteriaId: before.cafeteriaId,
      before,
      after: null,
    })
  })
}

async function getManaged<Found extends Managed>(
  tx: Transaction<Schema>,
  { caller }: Editor,
  { find, notFound }: ManagedSubject<Found>,
): Promise<Found> {
  const found = await find(tx)
  if (!found || !manages(caller, found.cafeteriaId)) throw notFound()
  return found
}
