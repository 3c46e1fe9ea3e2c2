import { type RawBuilder, sql } from 'kysely'
import type { Cell, FileColumn } from './columns.ts'

/** The type of the files, as RFC 4180 has it. */
export const csvType = 'text/csv'

/** Without it, spreadsheets on Windows do not read a file as UTF-8. */
const byteOrderMark = '\ufeff'
const endOfLine = '\r\n'

/**
 * What spreadsheets take for a formula (OWASP, CSV injection), as they see it: they skip spaces before it, and take full-width signs for
 * the usual ones.
 */
const formula = '^[[:space:][:cntrl:]]*[-=+@＝＋－＠]|^[[:cntrl:]]'

/** How many decimals amounts of a currency have: ISO 4217 has none for JPY and three for KWD. */
export function digitsOf(currency: string): number {
  const { maximumFractionDigits } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions()
  return maximumFractionDigits ?? 2
}

const cells: Record<Cell, (value: RawBuilder<unknown>, digits: number) => RawBuilder<unknown>> = {
  plain: (value) => value,
  // The scale is the number of decimals, also where they are 0.
  cents: (value, digits) =>
    sql`(${value})::numeric(30, 0) * ${sql.lit(10 ** -digits)}::numeric(10, ${sql.lit(digits)})`,
  // In the time zone of the session, with its offset.
  instant: (value) => sql`to_json(date_trunc('second', ${value}))`,
  text: (value) =>
    sql`'"' || replace(case when ${value} ~ ${sql.lit(formula)} then '''' || ${value} else ${value} end, '"', '""') || '"'`,
}

/** One line of a file, as an SQL expression over columns `name` of `table`. Null is an empty cell. */
export function lineOf(table: string, columns: readonly FileColumn[], digits: number): RawBuilder<string> {
  const values = columns.map(({ name, cell }) => cells[cell](sql.ref(`${table}.${name}`), digits))
  return sql`concat(${sql.join(values, sql`, ',', `)}, ${sql.lit(endOfLine)}::text)`
}

/** The first line, with the names of the columns. An amount is no number of minor units here, and is not called one. */
export function headerOf(columns: readonly FileColumn[]): string {
  const names = columns.map(({ name, cell }) => (cell === 'cents' ? name.replace(/Cents$/, '') : name))
  return `${byteOrderMark}${names.join(',')}${endOfLine}`
}

/** The last line, without which a file is not whole. No other line begins with `#`, because their first cell is a date. */
export function trailerOf(rows: number, asOf: string | null): string {
  return `# complete, ${rows} rows${asOf === null ? '' : `, as of ${asOf}`}${endOfLine}`
}
