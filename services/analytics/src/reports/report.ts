import { type RawBuilder, sql } from 'kysely'
import type { Column } from './columns.ts'

/** A table of numbers about days, weeks or months of a cafeteria. */
export interface Report {
  /** What comes after `/v1/reports/` in the path. */
  path: string
  operationId: string
  summary: string
  description: string
  /** The name of the answer. */
  answer: string
  /** What it says of each period, in this order. */
  columns: readonly Column[]
  /**
   * The columns, after those of `p`, of rows for the periods of `p` (first, last). It reads `c` (id), and rollups by their keys only.
   * `order` sorts the rows of one period.
   */
  rows: { columns: RawBuilder<unknown>; from: RawBuilder<unknown>; order?: RawBuilder<unknown> }
}

/** The rows of a rollup that belong to the cafeteria and the period. */
export const ofPeriod = sql`cafeteria_id = c.id and day between p.first and p.last`
