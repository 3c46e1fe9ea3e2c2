/** The middle of some values, and how far apart they were. */
export interface Spread {
  median: number
  least: number
  most: number
}

/** Null when there are none. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null
  const ascending = values.toSorted((a, b) => a - b)
  const middle = (ascending.length - 1) / 2
  const at = (index: number) => ascending[index] as number
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    least: at(0),
    most: at(ascending.length - 1),
  }
}
