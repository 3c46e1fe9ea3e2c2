import type { AppError } from '@comanda/errors'
import type { FieldError } from '../validation/field-errors.ts'
import { platformErrors } from './platform.errors.ts'

/** The refusal of a request for its fields. `part` names what has them, where a fault is not in one of them but in the whole. */
export function validationFailed(fields: readonly FieldError[], part = 'body'): AppError {
  const [first] = fields
  const detail = first && `${first.field || part} ${first.message}`
  return platformErrors.validation_failed(detail, { extra: { errors: fields } })
}
