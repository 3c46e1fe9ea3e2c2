import { findRefusal } from '@comanda/database'
import { AppError, describeError } from '@comanda/errors'

/**
 * Translates a refusal of the database (by the SQL function `refuse`) into the coded error of the same name, with its detail in
 * camelCase. Returns any other error as it is.
 */
export function asRefusedOrder(error: unknown): unknown {
  const refusal = findRefusal(error)
  const description = refusal && describeError(refusal.code)
  if (!refusal || !description) return error
  const extra = Object.entries(refusal.detail).map(([key, value]): [string, unknown] => [
    camelCase(key),
    value,
  ])
  return new AppError(description, description.title, { extra: Object.fromEntries(extra), cause: error })
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
