import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

/** A place where the money does not add up. */
export interface BalanceProblem {
  problem: string
  /** The account, entry, payment, refund or order that it is about. */
  subjectId: string
  expectedCents: number
  actualCents: number
}

/** One part of the books, checked. */
export interface CheckedPart {
  /** At most 100. */
  problems: BalanceProblem[]
  /** The id after which the next part begins; null after the last part. */
  until: string | null
}

/**
 * Checks the part of the books after an id, which grows with the time at which what it names was made.
 * @param rows most accounts, payments, refunds or orders that are checked, of each
 */
export async function checkBalancesAfter(
  db: Kysely<Schema>,
  after: string,
  rows: number,
): Promise<CheckedPart> {
  const bound = await sql<{ until: string | null }>`select balance_bound(${after}, ${rows}) as until`.execute(
    db,
  )
  const until = bound.rows[0]?.until ?? null
  const found = await sql<BalanceProblem>`
    select * from check_balances(${after}, coalesce(${until}, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)) limit 100`.execute(
    db,
  )
  return { problems: found.rows, until }
}
