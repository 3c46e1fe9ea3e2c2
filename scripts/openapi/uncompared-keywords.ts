import type { Components, Schema } from './openapi-document.ts'
import { componentAt, resolve } from './resolve-schema.ts'
import {
  alternatives,
  annotations,
  comparedKeywords,
  conditions,
  type Standing,
  schemasByName,
  standingBelow,
} from './schema-keywords.ts'

export interface SchemaPlace {
  /** `body.items[].note` */
  name: string
  standing: Standing
}

/** By the name of a place, the keywords there that oasdiff does not compare, each with its value as text. */
export type UncomparedKeywords = Map<string, Map<string, string>>

interface SchemaPart {
  schema: Schema
  /** The references on the way to it, because schemas may contain themselves. */
  above: ReadonlySet<string>
}

/**
 * Finds the keywords of a schema, and of all that is below it, that oasdiff does not compare, among them every keyword
 * that nobody here has heard of. A place without any is in the result too.
 * @throws when it refers to a component that is not there
 */
export function uncomparedKeywords(
  root: Schema,
  rootPlace: SchemaPlace,
  components: Components,
): UncomparedKeywords {
  const found: UncomparedKeywords = new Map()
  visit({ schema: root, above: new Set() }, rootPlace)
  return found

  function visit({ schema, above }: SchemaPart, place: SchemaPlace): void {
    const here = found.get(place.name) ?? new Map<string, string>()
    found.set(place.name, here)
    const known = new Set(Object.keys(resolve(schema, components).properties ?? {}))
    for (const part of partsOf({ schema, above })) inspect(part, place, here, known)
  }

  /** What applies to the same value: the schema itself, what it refers to, and the members of its allOf. */
  function partsOf({ schema: { $ref, allOf = [], ...own }, above }: SchemaPart): SchemaPart[] {
    const within = $ref === undefined ? above : new Set([...above, $ref])
    const target = $ref === undefined || above.has($ref) ? [] : [componentAt($ref, components)]
    const others = [...target, ...allOf].flatMap((schema) => partsOf({ schema, above: within }))
    return [{ schema: own, above: within }, ...others]
  }

  function inspect(
    part: SchemaPart,
    place: SchemaPlace,
    here: Map<string, string>,
    known: Set<string>,
  ): void {
    const { name, standing } = place
    const add = (keyword: string, value: string) =>
      here.set(keyword, namesOf([here.get(keyword) ?? [], value].flat(), ' and '))
    const descend = (schema: Schema | boolean, below: string, as = standingBelow[standing]) => {
      if (typeof schema === 'object') visit({ schema, above: part.above }, { name: below, standing: as })
    }

    for (const [keyword, value] of Object.entries(part.schema)) {
      if (annotations.has(keyword) || keyword.startsWith('x-')) continue
      if (comparedKeywords[standing].has(keyword)) continue

      if (schemasByName.has(keyword)) {
        const schemas = Object.entries(value as Record<string, Schema>)
        if (standing !== 'body') add(keyword, namesOf(schemas.map(([property]) => property)))
        const prefix = keyword === 'properties' ? `${name}.` : `${name}.${keyword}.`
        for (const [property, schema] of schemas) descend(schema, `${prefix}${property}`)
      } else if (alternatives.has(keyword)) {
        // That a value may be null as well does not make another place of it.
        const schemas = (value as Schema[]).filter(({ type }) => type !== 'null')
        if (standing !== 'body') add(keyword, `${schemas.length} schemas`)
        for (const [index, schema] of schemas.entries()) {
          descend(schema, schemas.length === 1 ? name : `${name} (${branchName(schema, index)})`)
        }
      } else if (keyword === 'items' || keyword === 'additionalProperties') {
        add(keyword, typeof value === 'object' ? 'a schema' : String(value))
        descend(value as Schema | boolean, `${name}${keyword === 'items' ? '[]' : '{}'}`)
      } else if (conditions.has(keyword) || keyword === 'not') {
        if (standing !== 'body' || keyword === 'not') add(keyword, 'a schema')
        descend(value as Schema | boolean, `${name} (${keyword})`, 'condition')
      } else if (keyword === 'required' && standing === 'body') {
        // Those of properties that the schema does not have itself, as in a branch of a oneOf.
        const foreign = (value as string[]).filter((property) => !known.has(property))
        if (foreign.length > 0) add(keyword, namesOf(foreign))
      } else {
        add(keyword, JSON.stringify(value))
      }
    }
  }
}

const namesOf = (names: string[], between = ', ') => names.toSorted().join(between)

/** A branch is known by the name of its component; another has only its position. */
const branchName = ({ $ref }: Schema, index: number) =>
  $ref?.replace(/.*\//, '') ?? `alternative ${index + 1}`
