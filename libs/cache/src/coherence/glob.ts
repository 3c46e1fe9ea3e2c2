import { matchesPiece, type Piece, readPieces } from './glob-pieces.ts'

/**
 * A pattern of Redis (`*`, `?`, `[abc]`, `[^a]`, `[a-z]`, `\` before a character meant as such) as a test of whole keys, the
 * same as SCAN applies it. What stands between two stars is looked for once, from where the last one was found, and never
 * again: a pattern of m characters takes at most m steps for each character of a key, however many stars it has.
 */
export function globTest(pattern: string): (text: string) => boolean {
  const [first = [], ...others] = splitAtStars(readPieces(pattern))
  const last = others.pop()
  if (last === undefined) return (text) => text.length === first.length && isAt(text, first, 0)
  return (text) => {
    if (text.length < first.length + last.length || !isAt(text, first, 0)) return false
    const end = text.length - last.length
    let start = first.length
    for (const run of others) {
      const found = indexOfRun(text, run, start, end)
      if (found === -1) return false
      start = found + run.length
    }
    return start <= end && isAt(text, last, end)
  }
}

/** The runs of pieces before, between and after the stars; without a star there is one. */
function splitAtStars(pieces: readonly Piece[]): Piece[][] {
  const runs: Piece[][] = [[]]
  for (const piece of pieces) {
    if (piece === 'any text') runs.push([])
    else runs.at(-1)?.push(piece)
  }
  return runs
}

/** Where a run is found first at or after `start` and wholly before `end`; -1 where it is not. */
function indexOfRun(text: string, run: readonly Piece[], start: number, end: number): number {
  for (let at = start; at + run.length <= end; at++) if (isAt(text, run, at)) return at
  return -1
}

function isAt(text: string, run: readonly Piece[], at: number): boolean {
  return run.every((piece, index) => matchesPiece(piece, text[at + index] as string))
}
