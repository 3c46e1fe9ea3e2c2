/** An import within one `src`, by the paths of both files below it. */
export interface Import {
  from: string
  to: string
}

/**
 * Folders that import one another, directly or through others. A file that lies directly in `src`, such as `app.ts` or
 * `config.ts`, counts by itself: what is beside it has nothing else to do with it.
 * @returns a sentence for each loop: its folders, and one import for each arrow between them
 */
export function findFolderLoops(imports: readonly Import[]): string[] {
  const arrows = new Map<string, Map<string, Import>>()
  for (const found of imports) {
    const [from, to] = [folderOf(found.from), folderOf(found.to)]
    if (from === to) continue
    const targets = arrows.get(from) ?? new Map<string, Import>()
    arrows.set(from, targets.set(to, targets.get(to) ?? found))
  }

  const reachable = new Map([...arrows.keys()].map((folder) => [folder, reachableFrom(folder, arrows)]))
  const seen = new Set<string>()
  return [...reachable.keys()].toSorted().flatMap((folder) => {
    const reached = reachable.get(folder) ?? new Set()
    if (seen.has(folder) || !reached.has(folder)) return []
    const loop = [...reached].filter((other) => reachable.get(other)?.has(folder)).toSorted()
    for (const member of loop) seen.add(member)
    const within = loop.flatMap((member) =>
      [...(arrows.get(member) ?? [])].filter(([target]) => loop.includes(target)).map(([, found]) => found),
    )
    return [`${loop.join(', ')}: ${within.map(({ from, to }) => `${from} imports ${to}`).join('; ')}`]
  })
}

function folderOf(file: string): string {
  const parts = file.split('/')
  return parts.length === 1 ? file : parts.slice(0, -1).join('/')
}

function reachableFrom(folder: string, arrows: ReadonlyMap<string, ReadonlyMap<string, Import>>) {
  const reached = new Set<string>()
  const open = [folder]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const target of arrows.get(next)?.keys() ?? []) {
      if (reached.has(target)) continue
      reached.add(target)
      open.push(target)
    }
  }
  return reached
}
