import { isUtf8 } from 'node:buffer'
import type { AppError } from '@comanda/errors'
import { validationFailed } from '../problems/validation-failed.ts'
import type { FieldError } from '../validation/field-errors.ts'
import { fieldName } from '../validation/field-name.ts'
import { findUnfit, type Unfit } from '../validation/unfit-value.ts'
import { findNotUtf8 } from './not-utf8.ts'

/**
 * Refuses a JSON value that contains what could not be kept as it was sent: half of a surrogate pair, U+0000, a number that is not exact.
 * Bodies of requests have passed this; it is for what comes another way, as messages of sockets do.
 * @throws AppError validation_failed, with the field in `errors`
 */
export function refuseUnfit(value: unknown): void {
  const refusal = unfitRefusal(value)
  if (refusal) throw refusal
}

/** What `refuseUnfit` throws, for where nothing may throw; null for a value that is fit. */
export function unfitRefusal(value: unknown): AppError | null {
  const found = findUnfit(value)
  return found ? validationFailed([unfitField(found)]) : null
}

/**
 * Refuses the bytes of a JSON document that are not UTF-8: decoding would put U+FFFD in their place.
 * @throws AppError validation_failed, with the field in `errors`
 */
export function refuseNotUtf8(bytes: Buffer): void {
  if (!isUtf8(bytes)) throw validationFailed([unfitField(findNotUtf8(bytes))])
}

function unfitField({ path, message }: Unfit): FieldError {
  return { field: fieldName(path), message }
}
