import { platformErrors } from '../problems/platform.errors.ts'

/**
 * The fields of `fields=id,status`, without repetition and in the order given, or undefined when the parameter is absent
 * or empty (all fields). Throws `unknown_field` for one that is not in `allowed`.
 */
export function parseFields<const F extends string>(
  fields: string | undefined,
  allowed: readonly F[],
): F[] | undefined {
  if (fields === undefined || fields.trim() === '') return undefined
  const asked = new Set(fields.split(',').map((field) => field.trim()))
  for (const field of asked) {
    if ((allowed as readonly string[]).includes(field)) continue
    const message = `must be one of ${allowed.join(', ')}`
    throw platformErrors.unknown_field(`"${field.slice(0, 50)}" is not a field of this list`, {
      extra: { errors: [{ field: 'fields', message }] },
    })
  }
  return [...asked] as F[]
}
