import type { PatternPlace } from './pattern-place.ts'

/** Every pattern in a schema or an OpenAPI document, each once. Ajv compiles them with the flag u. */
export function schemaPatterns(document: unknown, name: string): PatternPlace[] {
  const found = new Map<string, PatternPlace>()
  visit(document, [])
  return [...found.values()]

  function visit(value: unknown, path: readonly string[]): void {
    if (value === null || typeof value !== 'object') return
    for (const [key, member] of Object.entries(value)) {
      if (key === 'pattern' && typeof member === 'string' && !found.has(member))
        found.set(member, { source: member, flags: 'u', place: `${name} ${path.join('/')}` })
      if (key === 'patternProperties') {
        for (const source of Object.keys(member as object))
          found.set(source, { source, flags: 'u', place: `${name} ${path.join('/')}` })
      }
      visit(member, [...path, key])
    }
  }
}
