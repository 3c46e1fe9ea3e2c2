import type { DatabaseColumn } from './read-columns.ts'
import type { ColumnType, TableTypes } from './read-types.ts'

/** Tables that only migrate reads, without a type. */
const withoutTypes = new Set(['functionFiles', 'schemaMigrations', 'schemaVersion'])

/** What the driver makes of a type; libs/database/src/connections/type-parsers.ts changes some of its defaults. */
const driverTypes: Record<string, 'string' | 'number' | 'boolean' | 'Buffer' | 'json'> = {
  uuid: 'string',
  text: 'string',
  date: 'string',
  time: 'string',
  timestamptz: 'string',
  xid8: 'string',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  float4: 'number',
  float8: 'number',
  bool: 'boolean',
  bytea: 'Buffer',
  json: 'json',
  jsonb: 'json',
}

/** The differences between Kysely's types and the tables of a database, a sentence each; none when they agree. */
export function compareTypes(columns: DatabaseColumn[], types: TableTypes): string[] {
  const problems: string[] = []
  const tables = Map.groupBy(columns, ({ table }) => table)
  for (const table of types.keys())
    if (!tables.has(table)) problems.push(`${table}: the database has no such table`)
  for (const [table, present] of tables) {
    if (withoutTypes.has(table)) continue
    const declared = types.get(table)
    if (declared === undefined) {
      problems.push(`${table}: it is not in the types`)
      continue
    }
    for (const column of present) {
      const type = declared.get(column.name)
      const found = type === undefined ? ['is not in the types'] : differences(column, type)
      problems.push(...found.map((problem) => `${table}.${column.name}: ${problem}`))
    }
    for (const name of declared.keys())
      if (!present.some((column) => column.name === name))
        problems.push(`${table}.${name}: the database has no such column`)
  }
  return problems
}

function* differences(column: DatabaseColumn, declared: ColumnType): Generator<string> {
  const { nullable, generated } = column
  if (nullable !== null && nullable !== declared.nullable)
    yield nullable ? 'may be null' : 'is never null, and the type says that it may be'
  if (generated !== null && generated !== declared.generated)
    yield generated ? 'has a default, and is to be Generated' : 'has no default, and is not Generated'
  if (!isOf(column, declared.type))
    yield `is ${column.type}${column.array ? '[]' : ''} in the database, and ${declared.type} in the types`
}

function isOf({ type, array }: DatabaseColumn, declared: string): boolean {
  const expected = driverTypes[type]
  if (expected === undefined) return false
  if (array) return declared === `${expected}[]`
  if (expected === 'json') return declared === 'unknown' || declared.startsWith('JSONColumnType<')
  // A string may be said to be one of a few: by literals, or a type of that name.
  if (expected === 'string')
    return declared === 'string' || (/^('\w+'( \| '\w+')*|[A-Z]\w+)$/.test(declared) && declared !== 'Buffer')
  return declared === expected
}
