import type { KeyColumn } from '../../libs/database/src/dump/key-columns.ts'

export interface Reference {
  column: KeyColumn
  to: string
  /** Whether a foreign key enforces it. */
  declared: boolean
}

/** Columns whose name is not that of the table to which they refer. */
const otherNames: Record<string, string> = { actor: 'user' }

/**
 * To which tables the columns refer: by a foreign key, or else by their name and type, because the hot tables declare none (ADR 1).
 * `order_id` refers to `orders`, `debit_account_id` to `accounts`, `slot_id` to `pickup_slots`.
 */
export function findReferences(columns: KeyColumn[]): Reference[] {
  const tables = new Map(columns.filter(({ name }) => name === 'id').map(({ table, type }) => [table, type]))
  return columns.flatMap((column) => {
    if (column.refersTo !== null) return { column, to: column.refersTo, declared: true }
    const to = tableNamedBy(column, tables)
    return to === undefined ? [] : { column, to, declared: false }
  })
}

function tableNamedBy({ name, type }: KeyColumn, tables: Map<string, string>): string | undefined {
  const noun = /^(.+)_id$/.exec(name)?.[1]
  if (noun === undefined) return undefined
  const plural = `${otherNames[noun] ?? noun}s`
  const candidates = [...tables].filter(([, idType]) => idType === type).map(([table]) => table)
  return (
    candidates.find((table) => table === plural) ??
    candidates.find((table) => table.endsWith(`_${plural}`) || plural.endsWith(`_${table}`))
  )
}
