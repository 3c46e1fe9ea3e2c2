import { isDeepStrictEqual } from 'node:util'

/** The parts of an OpenAPI document that are merged. */
export interface MergeableDocument {
  paths: Record<string, object>
  components: Record<string, Record<string, object>>
  tags?: { name: string }[]
  [member: string]: unknown
}

/**
 * Makes one document of the documents of services that clients reach under one origin. Everything else is the first one's, and so are the
 * health checks, which every service has at the same paths.
 * @throws when two documents give one name to different things, because a client could not tell them apart
 */
export function mergeDocuments(documents: readonly MergeableDocument[]): MergeableDocument {
  const [first, ...others] = documents
  if (first === undefined) throw new Error('there is no document to merge')
  return others.reduce(mergeTwo, first)
}

function mergeTwo(one: MergeableDocument, other: MergeableDocument): MergeableDocument {
  const groups = new Set([...Object.keys(one.components), ...Object.keys(other.components)])
  const components = [...groups].map((group) => [
    group,
    mergeNamed(one.components[group] ?? {}, other.components[group] ?? {}, group),
  ])
  const tags = [...(one.tags ?? []), ...(other.tags ?? [])]
  return {
    ...one,
    tags: [...new Map(tags.toReversed().map((tag) => [tag.name, tag])).values()].toReversed(),
    paths: mergeNamed(one.paths, withoutHealth(other.paths), 'paths'),
    components: Object.fromEntries(components) as MergeableDocument['components'],
  }
}

const withoutHealth = (paths: Record<string, object>) =>
  Object.fromEntries(Object.entries(paths).filter(([path]) => !path.startsWith('/health')))

function mergeNamed(one: Record<string, object>, other: Record<string, object>, what: string) {
  for (const [name, value] of Object.entries(other))
    if (one[name] !== undefined && !isDeepStrictEqual(one[name], value))
      throw new Error(`two services have different ${what} of the name ${name}`)
  return { ...one, ...other }
}
