import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { asOf } from '../periods/as-of.ts'
import type { FileColumn } from './columns.ts'
import { lineOf } from './csv-cells.ts'
import type { Report } from './report.ts'
import type { Unit } from './reports.schema.ts'

type Db = Kysely<Schema>

/** Days of a cafeteria, both ends included, and how a report divides them. */
export interface Days {
  cafeteriaId: string
  from: string
  to: string
}

export interface Periods extends Days {
  by: Unit
  /** Only the periods that begin after this day. */
  after: string | null
  /** How many periods at most. */
  periods: number
}

export interface CafeteriaOfReport {
  timeZone: string
  currency: string
  /** How many days there are from the first to the last. */
  days: number
  asOf: string | null
}

/** Finds what a report has to know of the cafeteria, unless it was deleted. `caughtUpAt` is as `asOf` has it. */
export async function findCafeteria(
  db: Db,
  { cafeteriaId, from, to }: Days,
  caughtUpAt: number,
): Promise<CafeteriaOfReport | undefined> {
  const { rows } = await sql<CafeteriaOfReport>`
    select time_zone, currency, ${to}::date - ${from}::date + 1 as days, ${asOf(caughtUpAt)} as as_of from cafeterias
    where id = ${cafeteriaId} and deleted_at is null`.execute(db)
  return rows[0]
}

/** Reads `asOf` alone, for a statement that cannot answer it too. */
export async function readAsOf(db: Db, caughtUpAt: number): Promise<string | null> {
  const { rows } = await sql<{ asOf: string | null }>`select ${asOf(caughtUpAt)} as as_of`.execute(db)
  return rows[0]?.asOf ?? null
}

/** The periods, cut off at the days that were asked for, and the rows of a report for them. */
function rowsOf({ rows }: Report, { cafeteriaId, from, to, by, after, periods }: Periods) {
  const order = rows.order === undefined ? sql`` : sql`, ${rows.order}`
  return sql`
    with c as (select ${cafeteriaId}::uuid as id), p as materialized (
      select greatest(begin::date, ${from}::date) as first, least((begin + ${`1 ${by}`}::interval)::date - 1, ${to}::date) as last
      from generate_series(date_trunc(${by}, ${from}::timestamp), ${to}::timestamp, ${`1 ${by}`}::interval) begin
      where ${after}::date is null or begin > ${after}::timestamp
      order by begin
      limit ${periods}
    ), r as (
      select p.first as "from", p.last as "to", ${rows.columns}, row_number() over (order by p.first${order}) as place
      from c cross join p ${rows.from}
    )`
}

/** Lists the rows of a report, at most so many. */
export async function listRows(
  db: Db,
  report: Report,
  periods: Periods,
  limit: number,
): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<Record<string, unknown>>`
    ${rowsOf(report, periods)} select * from r order by place limit ${limit}`.execute(db)
  return rows.map(({ place, ...row }) => row)
}

/** Some lines of a file, in the order of the file. */
export interface CsvPage {
  lines: string
  rows: number
  /** Where the next page goes on; null after the last one. */
  next: string | null
}

/** A page, and how much the server that it was read from knew. */
export interface DatedPage extends CsvPage {
  asOf: string | null
}

const firstColumns: readonly FileColumn[] = [
  { name: 'from', cell: 'plain' },
  { name: 'to', cell: 'plain' },
]
const currencyColumn: FileColumn = { name: 'currency', cell: 'text' }

/** The columns of a report as a file has them. Amounts are decimal numbers there, so that they need their currency beside them. */
export function fileColumns({ columns }: Report): readonly FileColumn[] {
  const hasMoney = columns.some(({ cell }) => cell === 'cents')
  return [...firstColumns, ...(hasMoney ? [currencyColumn] : []), ...columns]
}

/** Reads the lines of some periods. Postgres writes them, because rows of a page would hold up whatever else this process has to do. */
export async function readReportPage(
  db: Db,
  report: Report,
  periods: Periods,
  money: { currency: string; digits: number },
  caughtUpAt: number,
): Promise<DatedPage> {
  const line = lineOf('r', fileColumns(report), money.digits)
  const { rows } = await sql<DatedPage>`
    ${rowsOf(report, periods)}
    select coalesce(string_agg(lines.line, '' order by lines.place), '') as lines, count(*) as rows,
      (select max(first)::text from p having count(*) = ${periods.periods}) as next, ${asOf(caughtUpAt)} as as_of
    from (select ${line} as line, r.place from (select r.*, ${money.currency}::text as currency from r) r) lines`.execute(
    db,
  )
  return rows[0] as DatedPage
}
