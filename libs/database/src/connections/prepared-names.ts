/** Statement texts are few, because values are parameters; those beyond the bound are sent unprepared. */
const maximumNames = 1000
const names = new Map<string, string>()

/** The name under which every connection prepares a statement text; undefined when there are too many texts already. */
export function preparedName(text: string): string | undefined {
  let name = names.get(text)
  if (name === undefined && names.size < maximumNames) {
    name = `s${names.size}`
    names.set(text, name)
  }
  return name
}
