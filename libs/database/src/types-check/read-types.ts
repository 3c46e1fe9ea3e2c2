/** A column as Kysely's types have it. */
export interface ColumnType {
  /** Without `Generated`, `GeneratedAlways` and `null`. */
  type: string
  nullable: boolean
  generated: boolean
}

/** Types of columns by name, by the name of the table. */
export type TableTypes = Map<string, Map<string, ColumnType>>

/**
 * Reads the interface `Schema` and those of its tables.
 * @param source TypeScript: the text of all files of libs/database/src/schema
 * @throws Error when a line of an interface is anything but a name and a type
 */
export function readTypes(source: string): TableTypes {
  const interfaces = new Map<string, [name: string, type: string][]>()
  const withoutComments = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
  for (const [, name = '', body = ''] of withoutComments.matchAll(
    /^export interface (\w+) \{\n([\s\S]*?)^\}/gm,
  ))
    interfaces.set(
      name,
      body
        .split('\n')
        .filter((line) => line.trim())
        .map(readLine),
    )
  const tables = interfaces.get('Schema')
  if (tables === undefined) throw new Error('There is no interface Schema.')
  return new Map(
    tables.map(([table, type]) => {
      const columns = interfaces.get(type)
      if (columns === undefined) throw new Error(`There is no interface ${type}, or it is not a plain one.`)
      return [table, new Map(columns.map(([name, text]) => [name, readType(text)]))]
    }),
  )
}

function readLine(line: string): [name: string, type: string] {
  const [, name, type] = /^ {2}(\w+): (\S.*)$/.exec(line) ?? []
  if (name === undefined || type === undefined) throw new Error(`Not a name and a type: ${line.trim()}`)
  return [name, type]
}

function readType(text: string): ColumnType {
  const inner = /^Generated(?:Always)?<(.*)>$/.exec(text)?.[1]
  const whole = inner ?? text
  const nullable = / \| null\b/.test(whole)
  return { type: whole.replaceAll(/ \| null\b/g, ''), nullable, generated: inner !== undefined }
}
