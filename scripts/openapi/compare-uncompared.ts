import type { Components, Operation } from './openapi-document.ts'
import { uncomparedParts } from './uncompared-parts.ts'

/**
 * What changed in an operation that oasdiff does not compare. Only additionalProperties is understood; a change of
 * anything else counts as a break, because nobody here can say that it is none.
 * @returns a sentence for each; the two operations must have their responses in place
 */
export function compareUncompared(
  released: Operation,
  current: Operation,
  components: { released: Components; current: Components },
): string[] {
  const before = uncomparedParts(released, components.released)
  const after = uncomparedParts(current, components.current)
  return [...before].flatMap(([place, was]) => {
    const is = after.get(place)
    // A place that came or went is for oasdiff to judge.
    if (is === undefined) return []
    const keywords = new Set([...was.keys(), ...is.keys()])
    return [...keywords].flatMap((keyword) => {
      const compare = keyword === 'additionalProperties' ? compareOpenness : compareUnknown
      return was.get(keyword) === is.get(keyword)
        ? []
        : compare(place, was.get(keyword), is.get(keyword), keyword)
    })
  })
}

const compareUnknown = (place: string, was = 'not there', is = 'not there', keyword: string) => [
  `${place}: \`${keyword}\` was ${was}, is now ${is}, and whether that is harmless nobody can say here`,
]

const openness: Record<string, string> = { false: 'refused', 'a schema': 'of one schema', true: 'anything' }

/** Requests must be accepted as before; of a response clients ignore the properties that they do not know. */
function compareOpenness(place: string, was = 'true', is = 'true'): string[] {
  const order = Object.keys(openness)
  const harmless = place.startsWith('response') ? was !== 'a schema' : order.indexOf(is) > order.indexOf(was)
  return harmless ? [] : [`${place}: other properties were ${openness[was]}, are now ${openness[is]}`]
}
