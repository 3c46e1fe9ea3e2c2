import { type Static, type TSchema, Type } from 'typebox'

/** A reference to a schema that was added with `addSchema`, so that OpenAPI names it; typed as the schema itself. */
export function refTo<T extends TSchema>(schema: T): ReturnType<typeof Type.Unsafe<Static<T>>> {
  const { $id } = schema as { $id?: string }
  if ($id === undefined) throw new Error('only a schema with an $id can be referred to')
  return Type.Unsafe<Static<T>>({ $ref: `${$id}#` })
}
