/** A value that no request may contain. */
export interface Unfit {
  /** Names of members and numbers of items on the way to it; empty for the whole value. */
  path: readonly (string | number)[]
  /** What is wrong with it, to stand after the name of the field. */
  message: string
}

/** No request of the API is nested half as deep; deeper ones could exhaust the stack of whoever walks them. */
const mostLevels = 32

/**
 * Finds the first part of a JSON value that could not be kept as it was sent: half of a surrogate pair or U+0000 in a text or in
 * a name, which Postgres cannot store; a number that is not exact; and whatever is nested too deeply or no JSON at all.
 * Undefined when the value is fit.
 */
export function findUnfit(value: unknown): Unfit | undefined {
  return findIn(value, { text: textFault, number: numberFault })
}

/** What is wrong with a text or a number, if anything is. */
export interface Faults {
  text: (text: string) => string | undefined
  number: (number: number) => string | undefined
}

/** Finds the first text, name or number of a JSON value that has a fault, or what is nested too deeply or is no JSON. */
export function findIn(value: unknown, faults: Faults, level = 0): Unfit | undefined {
  if (typeof value === 'string') return unfit(faults.text(value))
  if (typeof value === 'number') return unfit(faults.number(value))
  if (typeof value !== 'object' || value === null) return undefined
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return unfit('must be JSON, not bytes')
  if (level === mostLevels) return unfit('is nested too deeply')
  return Array.isArray(value)
    ? findInItems(value, faults, level + 1)
    : findInMembers(value, faults, level + 1)
}

function findInItems(items: readonly unknown[], faults: Faults, level: number): Unfit | undefined {
  for (let at = 0; at < items.length; at += 1) {
    const found = findIn(items[at], faults, level)
    if (found) return { ...found, path: [at, ...found.path] }
  }
  return undefined
}

function findInMembers(object: object, faults: Faults, level: number): Unfit | undefined {
  for (const [name, member] of Object.entries(object)) {
    const fault = faults.text(name)
    const found = fault === undefined ? findIn(member, faults, level) : unfit(`has a name that ${fault}`)
    if (found) return { ...found, path: [name, ...found.path] }
  }
  return undefined
}

function textFault(text: string): string | undefined {
  if (!text.isWellFormed()) return 'must not contain half of a surrogate pair'
  return text.includes('\0') ? 'must not contain the character U+0000' : undefined
}

/** JSON has numbers of any size; JavaScript rounds integers beyond 2^53 - 1, and makes infinity of what is beyond its range. */
function numberFault(number: number): string | undefined {
  const isExact = Number.isInteger(number) ? Number.isSafeInteger(number) : Number.isFinite(number)
  return isExact ? undefined : `must be between ${Number.MIN_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}`
}

function unfit(message: string | undefined): Unfit | undefined {
  return message === undefined ? undefined : { path: [], message }
}
