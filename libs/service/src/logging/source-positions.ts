/** What is needed of a source map (https://tc39.es/ecma426). */
export interface SourceMapFile {
  /** Paths, from the folder of the map. */
  sources: string[]
  mappings: string
}

/** A position as stacks count: the first line and the first column are 1. */
export interface Position {
  line: number
  column: number
}

export interface SourcePosition extends Position {
  source: string
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const valueOfCode = new Int8Array(128)
for (let value = 0; value < digits.length; value++) valueOfCode[digits.charCodeAt(value)] = value
const [comma, semicolon] = [44, 59]

/**
 * Where positions of a generated file come from, in one pass over its map that keeps nothing: `SourceMap` of `node:module` makes objects of
 * all mappings, 12 MB of them for a service. Answers in the order of `wanted`; null for what comes from nowhere.
 */
export function findSourcePositions(
  { sources, mappings }: SourceMapFile,
  wanted: readonly Position[],
): (SourcePosition | null)[] {
  const found: (SourcePosition | null)[] = wanted.map(() => null)
  const inOrder = [...wanted.entries()].toSorted(
    ([, one], [, other]) => one.line - other.line || one.column - other.column,
  )
  let next = 0
  let segment: SourcePosition | null = null

  /** A segment, or the file, ends here: what was wanted before comes from the segment that ends. */
  function endAt(line: number, column: number): void {
    for (let entry = inOrder[next]; entry !== undefined; entry = inOrder[++next]) {
      const [index, position] = entry
      if (position.line > line || (position.line === line && position.column >= column)) return
      found[index] = segment
    }
  }

  let line = 1
  // Column, source, its line, its column, a name: each is the difference to the one before, and a segment has 1, 4 or 5 of them.
  const fields = [0, 0, 0, 0, 0]
  let count = 0
  let value = 0
  let shift = 0
  for (let at = 0; at <= mappings.length && next < inOrder.length; at++) {
    const code = at === mappings.length ? semicolon : mappings.charCodeAt(at)
    if (code === comma || code === semicolon) {
      if (count > 0) {
        const [column, source, sourceLine, sourceColumn] = fields as [number, number, number, number]
        endAt(line, column + 1)
        segment =
          count === 1
            ? null
            : { source: sources[source] as string, line: sourceLine + 1, column: sourceColumn + 1 }
      }
      count = 0
      if (code === comma) continue
      line++
      fields[0] = 0
      continue
    }
    const digit = valueOfCode[code] as number
    value |= (digit & 31) << shift
    shift += 5
    if (digit >= 32) continue
    fields[count] = (fields[count] as number) + (value & 1 ? -(value >> 1) : value >> 1)
    count++
    value = 0
    shift = 0
  }
  endAt(Number.POSITIVE_INFINITY, 1)
  return found
}
