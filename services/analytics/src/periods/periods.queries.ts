import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { asOf } from './as-of.ts'
import type { Numbers } from './numbers.ts'
import type { Comparison } from './period.schema.ts'

export interface Question {
  /** The cafeterias that are asked for; undefined for all of them. */
  cafeteriaIds: readonly string[] | undefined
  from: string | undefined
  to: string | undefined
  compare: readonly Comparison[]
  mostDays: number
  /** As `asOf` has it. */
  caughtUpAt: number
}

/** What is known of a cafeteria's days. */
export interface PeriodRow {
  cafeteriaId: string
  name: string
  timeZone: string
  currency: string
  asOf: string | null
  range: 'asked' | Comparison
  from: string
  to: string
  /** The next midnight, when what is asked of today becomes another question. */
  tomorrow: string
  /** How many days are asked for; less than 1 when the last is before the first. */
  days: number
  /** Null when there are too many days, or none. */
  numbers: unknown
}

/** Answers a question in one statement: a row for each cafeteria and each range of days, cafeterias by name. */
export async function listPeriods(
  db: Kysely<Schema>,
  { cafeteriaIds, compare, mostDays, caughtUpAt, ...given }: Question,
  numbers: Numbers,
): Promise<PeriodRow[]> {
  const from = sql`${given.from ?? null}::date`
  const to = sql`${given.to ?? null}::date`
  const ids = sql`${cafeteriaIds ?? null}::uuid[]`
  const { rows } = await sql<PeriodRow>`
    with counted as materialized (select ${asOf(caughtUpAt)} as as_of)
    select c.id as cafeteria_id, c.name, c.time_zone, c.currency, counted.as_of, r.range, r.first::text as "from", r.last::text as "to",
      instant_of(today.date + 1, c.time_zone) as tomorrow, asked.days, numbers.numbers
    from cafeterias c
    cross join counted
    cross join lateral (select date_at(now(), c.time_zone) as date) today
    cross join lateral (
      select coalesce(${from}, ${to}, today.date) as first, coalesce(${to}, greatest(${from}, today.date)) as last
    ) given
    cross join lateral (select given.first, given.last, given.last - given.first + 1 as days) asked
    cross join lateral (
      values ('asked', asked.first, asked.last),
        ('previous', asked.first - asked.days, asked.first - 1),
        ('lastWeek', asked.first - 7, asked.last - 7)
    ) r (range, first, last)
    left join lateral (
      -- The condition stands in the join, where Postgres evaluates it before it computes the numbers.
      select to_jsonb(n) as numbers from (${numbers}) n where asked.days between 1 and ${mostDays}
    ) numbers on true
    where c.deleted_at is null
      and (${ids} is null or c.id = any (${ids}))
      and r.range = any (${['asked', ...compare]}::text[])
    order by c.name, c.id`.execute(db)
  return rows
}
