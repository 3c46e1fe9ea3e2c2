import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findSourcePositions, type SourceMapFile } from './source-positions.ts'

/**
 * Rewrites the stacks of a program that was made one file (ADR 15), so that they name the sources of ours, and the files of packages. Returns
 * null for a program that has no map beside it. The map is read again for each stack with places that were not in any before:
 * `--enable-source-maps` would keep 15 MB for errors that may never come.
 */
export function inSources(program: string): ((stack: string) => string) | null {
  const file = `${program}.map`
  if (!existsSync(file)) return null
  const frame = new RegExp(`(?:file://)?${RegExp.escape(program)}:(\\d+):(\\d+)`, 'g')
  /** By what a stack says. No more of them than there are places in the program that an error came from. */
  const known = new Map<string, string>()

  function learn(places: Map<string, { line: number; column: number }>): void {
    const map = JSON.parse(readFileSync(file, 'utf8')) as SourceMapFile
    const found = findSourcePositions(map, [...places.values()])
    for (const [index, place] of [...places.keys()].entries()) {
      const origin = found[index]
      const source = origin ? join(dirname(program), origin.source) : null
      // The map knows no positions in packages.
      if (source?.includes('node_modules')) known.set(place, source)
      else known.set(place, origin ? `${source}:${origin.line}:${origin.column}` : place)
    }
  }

  return (stack) => {
    const unknown = [...stack.matchAll(frame)].filter(([place]) => !known.has(place))
    if (unknown.length > 0)
      learn(
        new Map(
          unknown.map(([place, line, column]) => [place, { line: Number(line), column: Number(column) }]),
        ),
      )
    return stack.replaceAll(frame, (place) => known.get(place) ?? place)
  }
}
