import { accessErrors, manages } from '@comanda/access'
import type { UnvalidatedRequest } from '@comanda/cache/responses'
import { uuidPattern } from '@comanda/service'

/**
 * Refuses whoever does not manage the cafeteria of the path. What is no id is left to validation, which names it.
 * @throws AppError cafeteria_not_found, also for a cafeteria that exists and that the caller does not manage
 */
export function admitManager({ caller, params: { cafeteriaId = '' } }: UnvalidatedRequest): void {
  refuseOthers(caller, [cafeteriaId])
}

/**
 * Refuses whoever does not manage each of the cafeterias of the query.
 * @throws AppError cafeteria_not_found, also for a cafeteria that exists and that the caller does not manage
 */
export function admitManagerOfAll({ caller, query: { cafeteriaIds = '' } }: UnvalidatedRequest): void {
  refuseOthers(caller, [cafeteriaIds].flat().join(',').split(','))
}

function refuseOthers(caller: UnvalidatedRequest['caller'], cafeteriaIds: readonly string[]): void {
  const ids = cafeteriaIds.map((id) => id.trim()).filter((id) => uuidPattern.test(id))
  if (caller === null || !ids.every((id) => manages(caller, id.toLowerCase())))
    throw accessErrors.cafeteria_not_found()
}
