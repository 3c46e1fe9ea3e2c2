import { orderStatuses } from '@comanda/ordering'
import { sql } from 'kysely'
import t from 'tap'
import { cafeteriaIds, seedCampus, seedHistory, seedLaterHistory } from '#src/index.ts'
import { checksums, column, openDatabase } from './open-database.ts'

async function openCampus(t: Parameters<typeof openDatabase>[0]) {
  const { db } = await openDatabase(t)
  await seedCampus(db, { demoAccounts: false, password: '' })
  return db
}

t.test('a history of 3,000 orders', async (t) => {
  const db = await openCampus(t)
  const stock = await checksums(db)
  t.same(await seedHistory(db, { orders: 3000, batchSize: 1000 }), { orders: 3000 })

  t.test('has orders in every state, those still being served as recent as they say', async (t) => {
    const statuses = await column<string>(db, sql`select status from orders group by status`)
    t.same(statuses.toSorted(), orderStatuses.toSorted())
    const late = await column(
      db,
      sql`select id from orders where (closed_at is null and created_at < now() - interval '1 hour') or updated_at > now()`,
    )
    t.same(late, [])
  })

  t.test('spans a year in every cafeteria and is busiest at lunch, by local time', async (t) => {
    t.same(await column(db, sql`select cafeteria_id from orders group by 1 order by 1`), cafeteriaIds)
    const [days] = await column<number>(
      db,
      sql`select extract(day from max(created_at) - min(created_at))::integer from orders`,
    )
    t.ok((days ?? 0) > 350, `${days} days`)
    const [hour] = await column(
      db,
      sql`select extract(hour from pickup_at at time zone 'America/Mexico_City')::integer from orders group by 1 order by count(*) desc limit 1`,
    )
    t.equal(hour, 14)
  })

  t.test('has two or three lines per order, which add up, and takes nothing from the stock', async (t) => {
    const wrong = await column(
      db,
      sql`select o.id from orders o join order_items i on i.order_id = o.id group by o.id
        having count(*) not in (2, 3) or count(distinct product_id) <> count(*)
          or sum(unit_price_cents * quantity) <> o.total_cents or max(position) <> count(*)`,
    )
    t.same(wrong, [])
    t.equal((await checksums(db))['products'], stock['products'])
  })

  t.test('chooses a modifier from every group that asks for one', async (t) => {
    const wrong = await column(
      db,
      sql`select i.id from order_items i join product_modifier_groups pg on pg.product_id = i.product_id
        join modifier_groups g on g.id = pg.group_id
        where (select count(*) from jsonb_array_elements(i.modifiers) m join modifiers on modifiers.id = (m ->> 'modifier_id')::uuid
          where modifiers.group_id = g.id) not between g.min_select and g.max_select`,
    )
    t.same(wrong, [])
  })

  t.test('has the events of each order from version 1 to its state, in time', async (t) => {
    const wrong = await column(
      db,
      sql`select o.id from orders o left join events e on e.order_id = o.id and e.version is not null group by o.id
        having count(e.id) <> o.version or min(e.version) <> 1 or max(e.version) <> o.version
          or (array_agg(e.type order by e.version desc))[1] <> 'order.' || o.status
          or array_agg(e.version order by e.at, e.version) <> array_agg(e.version order by e.version)
          or max(e.at) <> o.updated_at`,
    )
    t.same(wrong, [])
  })

  t.test('shows the lines of each order as any other order does', async (t) => {
    t.same(await column(db, sql`select id from orders where items is distinct from shown_lines(id)`), [])
  })

  t.test('has in the log what became of each payment and refund', async (t) => {
    const wrong = await column(
      db,
      sql`select p.id from payments p
        left join refunds r on r.payment_id = p.id
        left join events e on (e.data ->> 'payment_id')::uuid = p.id and e.data ->> 'amount_cents' = p.amount_cents::text
        group by p.id
        having array_agg(e.type order by e.id) filter (where e.type is not null) is distinct from array_remove(array[
          case when p.purpose = 'top_up' then 'wallet.topped_up' when p.provider = 'wallet' then null
            when p.status = 'declined' then 'payment.declined' else 'payment.authorized' end,
          case when p.purpose = 'order' and p.provider <> 'wallet' and p.status in ('captured', 'voided') then 'payment.' || p.status end,
          case when count(r.id) > 0 and p.provider <> 'wallet' then 'refund.requested' end,
          case when count(r.id) > 0 then 'refund.succeeded' end], null)
          and (p.provider <> 'wallet' or p.refunded_cents > 0)`,
    )
    t.same(wrong, [])
    const outcomes = await column<string>(db, sql`select distinct type from events where version is null`)
    t.same(
      outcomes.toSorted(),
      `payment.authorized payment.captured payment.declined payment.voided refund.requested refund.succeeded wallet.topped_up`.split(
        ' ',
      ),
    )
  })

  t.test('keeps within slots that exist', async (t) => {
    const wrong = await column(
      db,
      sql`select s.id from pickup_slots s left join orders o on o.slot_id = s.id group by s.id
        having s.reserved_orders <> count(o.id) filter (where o.status not in ('expired', 'rejected')
            and (o.status <> 'cancelled' or o.started_at is not null))
          or s.reserved_orders > s.capacity_orders or s.reserved_make_seconds > s.capacity_make_seconds`,
    )
    t.same(wrong, [])
  })

  t.test('has books that balance', async (t) => {
    t.same(await column(db, sql`select problem from check_balances()`), [])
  })

  t.test('has live orders that can be moved and paid back like any other', async (t) => {
    const cancelled = await column(
      db,
      sql`select (transition_order(id, array['placed', 'accepted'], 'cancelled', user_id, 'customer')).id
        from orders where status in ('placed', 'accepted')`,
    )
    t.ok(cancelled.length > 1)
    t.same(await column(db, sql`select problem from check_balances()`), [])
  })

  t.test('is not made twice; asked for more, it gets the difference', async (t) => {
    const before = await checksums(db)
    t.same(await seedHistory(db, { orders: 3000 }), { orders: 0 })
    t.same(await checksums(db), before)
    t.same(await seedHistory(db, { orders: 3200 }), { orders: 200 })
    t.same(await column(db, sql`select count(*) from orders`), [3200])
    t.same(await column(db, sql`select problem from check_balances()`), [])
  })
})

t.test(
  'the same number, seed and time make the same orders, however they are divided into batches',
  async (t) => {
    const [db, other, another] = [await openCampus(t), await openCampus(t), await openCampus(t)]
    const until = new Date().toISOString()
    await seedHistory(db, { orders: 300, until })
    await seedHistory(other, { orders: 300, until, batchSize: 70 })
    await seedHistory(another, { orders: 300, until, seed: 2 })
    const orders = (database: typeof db) =>
      column(
        database,
        sql`select md5(jsonb_agg(to_jsonb(o) - 'slot_id' || jsonb_build_object('items', (
        select jsonb_agg(to_jsonb(i) - 'modifiers' order by position) from order_items i where i.order_id = o.id)) order by id)::text)
        from orders o`,
      )
    const expected = await orders(db)
    t.same(await orders(other), expected)
    t.notSame(await orders(another), expected)
  },
)

t.test('of batches that are made at once, none is there when one before it has failed', async (t) => {
  const [db, whole] = [await openCampus(t), await openCampus(t)]
  const options = { orders: 400, until: new Date().toISOString(), batchSize: 100 }
  const ids = (database: typeof db) =>
    column<string>(database, sql`select id from orders order by created_at, id`)
  await seedHistory(whole, options)
  const expected = await ids(whole)

  // The second batch of four fails, while the third is made beside it.
  await sql`alter table orders add constraint unlucky check (id <> ${sql.lit(expected[150])})`.execute(db)
  const done: number[] = []
  const onProgress = (orders: number) => void done.push(orders)
  await t.rejects(seedHistory(db, { ...options, onProgress }), { message: /unlucky/ })
  t.same(done, [100])
  t.same(await column(db, sql`select count(*) from orders`), [100])
  t.same(await column(db, sql`select problem from check_balances()`), [])

  await sql`alter table orders drop constraint unlucky`.execute(db)
  t.same(await seedHistory(db, options), { orders: 300 })
  t.same(await ids(db), expected)
  t.same(await column(db, sql`select problem from check_balances()`), [])
})

t.test('what comes later is the same whatever came before it, and the books balance', async (t) => {
  const [small, large] = [await openCampus(t), await openCampus(t)]
  const [since, middle, until] = [60, 20, 0].map((days) =>
    new Date(Date.now() - days * 86_400_000).toISOString(),
  ) as [string, string, string]
  for (const [db, orders] of [
    [small, 60],
    [large, 240],
  ] as const) {
    await seedHistory(db, { orders, since, until: middle, live: 0 })
    await seedLaterHistory(db, { orders: 100, since: middle, until })
    t.same(await column(db, sql`select count(*) from orders`), [orders + 100])
    t.same(await column(db, sql`select problem from check_balances()`), [])
  }
  const later = (db: typeof small) =>
    column(
      db,
      sql`select id::text || total_cents from orders where created_at > ${middle} and pickup_at > ${middle} order by id desc limit 90`,
    )
  t.same(await later(large), await later(small))
})

t.test(
  'many orders are added without the indexes that only serve reading, which are there again afterwards',
  async (t) => {
    const [db, other] = [await openCampus(t), await openCampus(t)]
    const indexes = (database: typeof db) =>
      column<string>(database, sql`select indexdef from pg_indexes where schemaname = 'public' order by 1`)
    const oid = async (index: string) =>
      (await column<number>(db, sql`select ${index}::regclass::oid::integer`))[0]
    const before = await indexes(db)
    const [reading, unique] = [await oid('orders_user'), await oid('orders_pkey')]
    const until = new Date().toISOString()
    await seedHistory(db, { orders: 200, until, manyOrders: 200 })
    t.not(await oid('orders_user'), reading, 'it was made anew')
    t.equal(await oid('orders_pkey'), unique, 'what keeps rows apart never goes')
    t.same(await indexes(db), before)
    await seedHistory(other, { orders: 200, until })
    const orders = (database: typeof db) => column(database, sql`select id from orders order by id`)
    t.same(await orders(db), await orders(other))

    t.test('also when the run fails, or was killed in between', async (t) => {
      await t.rejects(
        seedHistory(db, {
          orders: 500,
          manyOrders: 100,
          onProgress: () => {
            throw new Error('enough')
          },
        }),
        { message: 'enough' },
      )
      t.same(await indexes(db), before)
      await leaveOut(db, 'orders_user')
      t.same(await seedHistory(db, { orders: 500 }), { orders: 0 })
      t.same(await indexes(db), before)
      await leaveOut(db, 'orders_user')
      t.same(await seedHistory(db, { orders: 600 }), { orders: 100 })
      t.same(await indexes(db), before)
      t.same(await column(db, sql`select problem from check_balances()`), [])
    })

    t.test('which are made once, also when a run that was killed is resumed', async (t) => {
      await sql`create sequence indexed_rows`.execute(db)
      // Only an immutable function may be indexed. `analyze` calls it as well, which is not counted.
      await sql`create function counted(id uuid) returns bigint language sql immutable as $$
        select case when current_query() ilike 'create index%' then nextval('public.indexed_rows') end $$`.execute(
        db,
      )
      await sql`create index orders_counted on orders (counted(id))`.execute(db)
      await sql`select setval('indexed_rows', 1, false)`.execute(db)
      const withCounted = await indexes(db)
      await leaveOut(db, 'orders_counted')
      t.same(await seedHistory(db, { orders: 700, manyOrders: 100 }), { orders: 100 })
      t.same(await indexes(db), withCounted)
      t.same(await column(db, sql`select last_value from indexed_rows`), [700])
    })
  },
)

/** Leaves an index out as a run does that is killed before it makes the index anew. */
async function leaveOut(db: Awaited<ReturnType<typeof openCampus>>, index: string): Promise<void> {
  await sql`create table seed_dropped_indexes (name text primary key, definition text not null)`.execute(db)
  await sql`insert into seed_dropped_indexes values (${index}, pg_get_indexdef(${index}::regclass))`.execute(
    db,
  )
  await sql`drop index ${sql.id(index)}`.execute(db)
}

t.test('a history is refused in production and without a campus', async (t) => {
  const { db } = await openDatabase(t)
  await t.rejects(seedHistory(db, { orders: 10, environment: 'production' }), {
    message: /production does not get one/,
  })
  await t.rejects(seedHistory(db, { orders: 10 }), { message: /seed it first/ })
  t.same(await column(db, sql`select count(*) from orders`), [0])
})
