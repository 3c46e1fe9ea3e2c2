import { type Caller, manages } from '@comanda/access'
import type { Schema } from '@comanda/database'
import type { Transaction } from 'kysely'
import { cafeteriaErrors } from './cafeterias.errors.ts'
import { findCafeteriaForUpdate } from './cafeterias.repository.ts'
import type { Cafeteria } from './cafeterias.schema.ts'

/**
 * Finds a cafeteria that the caller manages, and locks it until the transaction ends, so that its managers change it one by one.
 * @throws AppError cafeteria_not_found, also for a cafeteria that exists and that the caller does not manage
 */
export async function getManagedCafeteria(
  tx: Transaction<Schema>,
  caller: Caller,
  cafeteriaId: string,
): Promise<Cafeteria> {
  const cafeteria = manages(caller, cafeteriaId) ? await findCafeteriaForUpdate(tx, cafeteriaId) : undefined
  if (!cafeteria) throw cafeteriaErrors.cafeteria_not_found()
  return cafeteria
}
