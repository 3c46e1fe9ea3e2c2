import { paymentStatuses } from '@comanda/database'
import {
  closedStatuses,
  fellThroughStatuses,
  type OrderStatus,
  orderStatuses,
  soldStatuses,
  unstartedStatuses,
} from '@comanda/ordering'
import { type RawBuilder, sql } from 'kysely'
import t from 'tap'
import { openDatabase } from './open-database.ts'

const { database } = await openDatabase(t)
const db = database.primary

/** The words between quotes in a condition of the schema. */
async function namedIn(condition: RawBuilder<{ condition: string }>): Promise<string[]> {
  const { rows } = await condition.execute(db)
  return Array.from(String(rows[0]?.condition).matchAll(/'(\w+)'/g), ([, value]) => String(value))
}

/** The statuses for which a function of the database is true, in their order. */
async function chosenBy(predicate: string, statuses: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ status: string }>`
    select status from unnest(${statuses}::text[]) with ordinality as s (status, position)
    where ${sql.raw(predicate)}(status) order by position`.execute(db)
  return rows.map(({ status }) => status)
}

t.test('the database knows the statuses of an order that libs/ordering has', async (t) => {
  const constraint = sql<{ condition: string }>`
    select pg_get_constraintdef(oid) as condition from pg_constraint where contypid = 'order_status'::regtype`
  t.strictSame(await namedIn(constraint), orderStatuses)
})

t.test('its sets of statuses are the same', async (t) => {
  const sets: Record<string, readonly OrderStatus[]> = {
    order_is_closed: closedStatuses,
    order_is_unstarted: unstartedStatuses,
    order_fell_through: fellThroughStatuses,
    order_is_sold: soldStatuses,
  }
  for (const [predicate, statuses] of Object.entries(sets))
    t.same((await chosenBy(predicate, orderStatuses)).toSorted(), statuses.toSorted(), predicate)
})

t.test('an active payment is one of which an order has at most one', async (t) => {
  const index = sql<{ condition: string }>`
    select pg_get_expr(indpred, indrelid) as condition from pg_index where indexrelid = 'payments_one_per_order'::regclass`
  t.same(await chosenBy('payment_is_active', paymentStatuses), await namedIn(index))
})

t.test('Postgres sees through a set to what it says, so that indexes serve it', async (t) => {
  for (const [predicate, table] of [
    ['payment_is_active', 'payments'],
    ['order_is_sold', 'orders'],
  ] as const) {
    const { rows } = await sql<{ 'QUERY PLAN': string }>`
      explain select from ${sql.table(table)} where ${sql.raw(predicate)}(status)`.execute(db)
    const plan = JSON.stringify(rows)
    t.match(plan, /captured|expired/)
    t.notMatch(plan, predicate)
  }
})
