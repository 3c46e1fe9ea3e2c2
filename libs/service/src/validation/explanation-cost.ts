/** Listing every mistake of a huge body costs more than the body is worth; above these the first must do. */
const mostValues = 1_000
const mostCharacters = 20_000

/** Whether a value that was refused is small enough to be validated once more, for all its mistakes. */
export function isWorthExplaining(value: unknown): boolean {
  const left = { values: mostValues, characters: mostCharacters }
  count(value, left)
  return left.values > 0 && left.characters > 0
}

/** Takes the members and items of a JSON value, and the characters of its texts and names, from what is left. */
function count(value: unknown, left: { values: number; characters: number }): void {
  left.values--
  if (typeof value === 'string') left.characters -= value.length
  if (value === null || typeof value !== 'object') return
  if (Array.isArray(value)) {
    for (const item of value) {
      if (left.values <= 0 || left.characters <= 0) return
      count(item, left)
    }
    return
  }
  for (const name of Object.keys(value)) {
    if (left.values <= 0 || left.characters <= 0) return
    left.characters -= name.length
    count((value as Record<string, unknown>)[name], left)
  }
}
