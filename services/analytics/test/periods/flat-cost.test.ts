import { sql } from 'kysely'
import t from 'tap'
import { customersNumbers } from '#src/customers/customers.queries.ts'
import { dashboardNumbers } from '#src/dashboard/dashboard.queries.ts'
import { overviewNumbers } from '#src/overview/overview.queries.ts'
import { listPeriods } from '#src/periods/periods.queries.ts'
import { timelineNumbers } from '#src/timeline/timeline.queries.ts'
import { visitsNumbers } from '#src/visits/visits.queries.ts'
import { startTestApp } from '../app.ts'
import { openKitchen } from '../kitchen.ts'

// Postgres counts what is read per connection, so there is one.
const { owner } = await startTestApp(t, { DATABASE_POOL_MAX: '1' })
const { cafeteriaId, productId } = await openKitchen(owner)

/** Three years of days with 24 hours and 20 products each. */
await sql`
  with days as (select day::date from generate_series('2023-12-01'::date, '2026-11-30', interval '1 day') day),
  by_day as (
    insert into rollup_days (cafeteria_id, day, placed) select ${cafeteriaId}, day, 24 from days
  ), by_hour as (
    insert into rollup_hours
    select ${cafeteriaId}, day, day + make_interval(hours => hour), hour, 1, 1, 1, 100, 0, 0, 0, 0, 0, 1, 60, 1, 0, 0, 1, 0, 0, 1, 0
    from days, generate_series(0, 23) hour
  ), by_product as (
    insert into rollup_products
    select ${cafeteriaId}, day, case product when 1 then ${productId}::uuid else uuidv7() end, 1, 100, 0, 0, array_fill(0::smallint, array[24])
    from days, generate_series(1, 20) product
  ), by_status as (
    insert into rollup_statuses select ${cafeteriaId}, day, status, 1 from days, unnest(array['collected', 'cancelled']) status
  )
  insert into rollup_payments
  select ${cafeteriaId}, day, 'card', outcome, 1, 100 from days, unnest(array['authorized', 'captured']) outcome`.execute(
  owner,
)
await sql`analyze`.execute(owner)

async function rowsRead(): Promise<number> {
  await sql`select pg_stat_force_next_flush()`.execute(owner)
  const { rows } = await sql<{ read: number }>`
    select (sum(seq_tup_read) + sum(coalesce(idx_tup_fetch, 0)))::integer as read
    from pg_stat_user_tables where relname like 'rollup%'`.execute(owner)
  return rows[0]?.read as number
}

const parts = {
  dashboard: dashboardNumbers,
  overview: overviewNumbers,
  visits: visitsNumbers,
  customers: customersNumbers,
  ...Object.fromEntries(
    (['hour', 'day', 'week', 'month'] as const).map((bucket) => [
      `timeline by ${bucket}`,
      timelineNumbers({ bucket }),
    ]),
  ),
}

/** A day has so many rows in all rollups together. */
const rowsOfDay = 1 + 24 + 20 + 2 + 2
const days = 2 * 7

for (const [name, numbers] of Object.entries(parts)) {
  t.test(`${name}: what a week costs does not depend on the years before`, async (t) => {
    const question = {
      cafeteriaIds: [cafeteriaId],
      from: '2026-11-01',
      to: '2026-11-07',
      compare: ['lastWeek'] as const,
      mostDays: 400,
      caughtUpAt: Infinity,
    }
    const before = await rowsRead()
    t.match(await listPeriods(owner, question, numbers), [{ range: 'asked' }, { range: 'lastWeek' }])
    const read = (await rowsRead()) - before
    t.ok(read > 0)
    // A part may need the days of a rollup several times, for sums and for each histogram.
    t.ok(read <= 2 * days * rowsOfDay, `${read} rows of ${days * rowsOfDay}`)
  })
}
