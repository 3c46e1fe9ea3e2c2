import type { Components, Schema } from './openapi-document.ts'

/**
 * A schema whose own reference is followed and whose allOf is put together; what is below it stays as it is.
 * @throws when it refers to a component that is not there
 */
export function resolve(schema: Schema, components: Components): Schema {
  if (schema.$ref !== undefined) {
    const { $ref, ...beside } = schema
    return { ...resolve(componentAt($ref, components), components), ...beside }
  }
  if (schema.allOf === undefined) return schema
  const { allOf, ...beside } = schema
  const parts = [...allOf.map((part) => resolve(part, components)), beside]
  const properties = parts.map((part) => part.properties ?? {})
  return {
    ...(Object.assign({}, ...parts) as Schema),
    properties: Object.assign({}, ...properties) as Record<string, Schema>,
    required: parts.flatMap((part) => part.required ?? []),
  }
}

/**
 * @param $ref `#/components/schemas/Order`
 * @throws when there is none
 */
export function componentAt($ref: string, components: Components): Schema {
  const target = components[$ref.replace('#/components/schemas/', '')]
  if (target === undefined) throw new Error(`${$ref} is not in the document`)
  return target
}
