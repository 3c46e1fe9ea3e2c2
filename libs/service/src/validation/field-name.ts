/** A name that a client made up is shown this far; all names of ours are shorter. */
const longestName = 64

/** The name of a field by the names of members and numbers of items on the way to it: `items[0].note` for `items`, `0`, `note`. */
export function fieldName(path: readonly (string | number)[]): string {
  return path
    .map((part) => shortened(String(part)))
    .map((part, at) => (/^[0-9]+$/.test(part) ? `[${part}]` : at === 0 ? part : `.${part}`))
    .join('')
    .toWellFormed()
}

const shortened = (name: string) => (name.length > longestName ? `${name.slice(0, longestName)}…` : name)
