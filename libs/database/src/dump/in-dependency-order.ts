/** Something that needs others of its kind to be there before it. */
export interface Dependent {
  name: string
  needs: string[]
}

/**
 * Sorts things so that each comes after those that it needs, and by name otherwise. When some need one another in a loop, one of them
 * comes too early.
 */
export function inDependencyOrder<T extends Dependent>(things: T[]): T[] {
  const byName = new Map(things.map((thing) => [thing.name, thing]))
  const ordered = new Set<T>()
  const begun = new Set<T>()
  function add(thing: T): void {
    if (begun.has(thing)) return
    begun.add(thing)
    for (const name of thing.needs.toSorted()) {
      const needed = byName.get(name)
      if (needed) add(needed)
    }
    ordered.add(thing)
  }
  for (const name of [...byName.keys()].toSorted()) add(byName.get(name) as T)
  return [...ordered]
}
