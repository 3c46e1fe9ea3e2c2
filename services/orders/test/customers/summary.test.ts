import type { Caller } from '@comanda/access'
import { sql } from 'kysely'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { addUser } from '../builders.ts'
import { addHistory } from '../history.ts'

const started = await startTestApp(t, { DATABASE_POOL_MAX: '1', CACHE: 'off' }, undefined, { oneLogin: true })
const { as, call, database } = started
const db = database.primary
const cafeteriaId = await addHistory(started)
const { rows: regulars } = await sql<{ id: string; orders: number }>`
  select user_id as id, count(*)::integer as orders from orders where placed_at is not null group by user_id order by 2 desc limit 20`.execute(
  db,
)
const callerOf = (userId: string): Caller => ({
  userId,
  sessionId: userId,
  role: 'customer',
  memberships: {},
})
const summaryOf = async (userId: string) => {
  const { status, body } = await call({ url: '/v1/me/summary', headers: as(callerOf(userId)) })
  t.equal(status, 200)
  return body
}

/** What the summary has to say, counted order by order. */
async function countedByHand(userId: string) {
  const { rows } = await sql<Record<string, unknown>>`
    select count(*)::integer as placed_orders, max(placed_at) as last_placed_at,
      json_build_array(json_build_object('currency', min(currency), 'orders', count(*) filter (where sold),
        'totalCents', sum(total_cents) filter (where sold))) as spending
    from (select *, status not in ('rejected', 'cancelled') as sold from orders
      where user_id = ${userId} and placed_at is not null) o`.execute(db)
  return rows[0]
}

async function compareEverybody(when: string) {
  for (const { id } of regulars) {
    const { placedOrders, lastPlacedAt, spending } = await summaryOf(id)
    t.same({ placedOrders, lastPlacedAt, spending }, await countedByHand(id), when)
  }
}

const rollUp = async (limit: number) => {
  const { rows } = await sql<{ events: number }>`select events from roll_up(${limit})`.execute(db)
  return rows[0]?.events as number
}

t.test('the summary counts every order, however far the rollups are behind', async (t) => {
  await compareEverybody('before anything is rolled up')
  await sql`insert into event_positions (consumer, xid, event_id) values ('rollups', '0', 0)`.execute(db)
  await rollUp(100)
  await compareEverybody('in the middle of a transaction of the log')
  while ((await rollUp(10_000)) > 0);
  await compareEverybody('when all is rolled up')

  const { id } = await addUser(db, { balanceCents: 1_000_000 })
  const product = await db
    .selectFrom('products')
    .select('id')
    .where('cafeteriaId', '=', cafeteriaId)
    .orderBy('id')
    .executeTakeFirstOrThrow()
  const place = () =>
    call({
      method: 'POST',
      url: '/v1/orders',
      headers: as(callerOf(id)),
      payload: {
        cafeteriaId,
        items: [{ productId: product.id, quantity: 2 }],
        pickup: 'asap',
        payment: { method: 'wallet' },
      },
    })
  t.same((await summaryOf(id)).spending, [])
  const [kept, cancelled] = [(await place()).body, (await place()).body]
  const cancel = {
    method: 'POST',
    url: `/v1/orders/${cancelled.id}/cancel`,
    headers: as(callerOf(id)),
  } as const
  const steps: [string, () => Promise<unknown>, number][] = [
    ['placed and not rolled up', async () => {}, 2],
    ['placed and rolled up', () => rollUp(1000), 2],
    ['cancelled and not rolled up', async () => t.match(await call(cancel), { status: 200 }), 1],
    ['cancelled and rolled up', () => rollUp(1000), 1],
  ]
  for (const [when, step, orders] of steps) {
    await step()
    t.match(
      await summaryOf(id),
      {
        placedOrders: 2,
        lastPlacedAt: cancelled.placedAt,
        spending: [{ currency: 'MXN', orders, totalCents: orders * kept.totalCents }],
      },
      when,
    )
  }
})

t.test('the first screen reads as much for a customer of many years as for one of some months', async (t) => {
  const [{ id, orders }] = regulars as [{ id: string; orders: number }]
  t.ok(orders > 100, `${orders} orders`)
  const read = async () => {
    const count = async () => {
      await sql`select pg_stat_force_next_flush()`.execute(db)
      const { rows } = await sql<{ read: number }>`
        select sum(idx_tup_read)::integer as read from pg_stat_user_indexes`.execute(db)
      return rows[0]?.read as number
    }
    const before = await count()
    await summaryOf(id)
    t.match(await call({ url: '/v1/me/recent-orders', headers: as(callerOf(id)) }), { status: 200 })
    return (await count()) - before
  }
  const before = await read()
  // At most 100 orders with three lines, each of which is found by its key.
  t.ok(before < 2000, `${before} entries of indexes were read`)
  await sql`
    with old as (
      insert into orders select (jsonb_populate_record(o, jsonb_build_object('id', uuidv7(), 'pickup_date', o.pickup_date - 1000 * n,
        'created_at', o.created_at - n * interval '1000 days', 'updated_at', o.updated_at - n * interval '1000 days'))).*
      from orders o, generate_series(1, 20) n where o.user_id = ${id} and o.closed_at is not null returning 1
    ) select count(*) from old`.execute(db)
  await sql`vacuum analyze orders`.execute(db)
  const after = await read()
  t.ok(
    after <= before * 1.1,
    `${before} entries of indexes were read, and with 20 times as many orders ${after}`,
  )
})
