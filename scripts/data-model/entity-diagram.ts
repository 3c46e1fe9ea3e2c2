import type { KeyColumn } from '../../libs/database/src/dump/key-columns.ts'
import { findReferences, type Reference } from './references.ts'

/**
 * Some tables with their keys, in Mermaid, and the tables to which they refer. A foreign key is a solid line, a reference that nothing
 * enforces a dashed one.
 * @param columns of all tables, those that are not shown included: references may lead to them
 */
export function entityDiagram(columns: KeyColumn[], tables: string[]): string {
  const references = findReferences(columns).filter(({ column }) => tables.includes(column.table))
  const referring = new Set(references.map(({ column }) => column))
  const boxes = tables.map((table) => {
    const keys = columns.filter(
      (column) => column.table === table && (column.primary || column.unique || referring.has(column)),
    )
    return [`  ${table} {`, ...keys.map((column) => `    ${keyLine(column, referring)}`), '  }'].join('\n')
  })
  return mermaid(['erDiagram', ...boxes, ...references.map((reference) => `  ${arrow(reference)}`)])
}

function keyLine(column: KeyColumn, referring: Set<KeyColumn>): string {
  const { name, type, primary, unique } = column
  const marks = [primary && 'PK', referring.has(column) && 'FK', unique && 'UK'].filter(Boolean)
  return `${type} ${name} ${marks.join(', ')}`
}

function arrow({ column, to, declared }: Reference): string {
  const one = column.nullable ? '|o' : '||'
  const many = column.distinct ? 'o|' : 'o{'
  return `${to} ${one}${declared ? '--' : '..'}${many} ${column.table} : ${column.name}`
}

/** A diagram as Markdown has it. */
export function mermaid(lines: string[]): string {
  return ['```mermaid', ...lines, '```'].join('\n')
}
