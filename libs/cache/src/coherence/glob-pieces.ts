/** What stands in a pattern: any text, any character, one character, or one of several or none of them, given as ranges. */
export type Piece =
  | 'any text'
  | 'any character'
  | { character: string }
  | { negated: boolean; ranges: readonly (readonly [first: string, last: string])[] }

/** Reads a pattern of Redis. */
export function readPieces(pattern: string): Piece[] {
  const pieces: Piece[] = []
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern[index] as string
    if (character === '*') pieces.push('any text')
    else if (character === '?') pieces.push('any character')
    else if (character === '[') {
      const { piece, end } = readClass(pattern, index + 1)
      pieces.push(piece)
      index = end
    } else if (character === '\\' && index + 1 < pattern.length)
      pieces.push({ character: pattern[++index] as string })
    else pieces.push({ character })
  }
  return pieces
}

/** Whether a single character is what a piece other than `any text` stands for. */
export function matchesPiece(piece: Piece, character: string): boolean {
  if (typeof piece === 'string') return true
  if ('character' in piece) return piece.character === character
  const among = piece.ranges.some(([first, last]) => character >= first && character <= last)
  return among !== piece.negated
}

/** Reads what follows a bracket, as Redis does: a range may end in the closing bracket, and the end of the pattern closes it too. */
function readClass(pattern: string, start: number): { piece: Piece; end: number } {
  const negated = pattern[start] === '^'
  const ranges: [string, string][] = []
  let index = negated ? start + 1 : start
  for (; index < pattern.length && pattern[index] !== ']'; index++) {
    if (pattern[index] === '\\' && index + 1 < pattern.length) index++
    else if (pattern[index + 1] === '-' && index + 2 < pattern.length) {
      ranges.push(ordered(pattern[index] as string, pattern[index + 2] as string))
      index += 2
      continue
    }
    ranges.push(ordered(pattern[index] as string, pattern[index] as string))
  }
  return { piece: { negated, ranges }, end: index }
}

const ordered = (one: string, other: string): [string, string] => (one <= other ? [one, other] : [other, one])
