import { orderStatuses } from '@comanda/ordering'
import { sql } from 'kysely'
import t from 'tap'
import { cafeteriaIds, seedHistory } from '#src/index.ts'
import { checksums, column, openCampus, openDatabase } from './open-database.ts'

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

t.test('a history is refused in production and without a campus', async (t) => {
  const { db } = await openDatabase(t)
  await t.rejects(seedHistory(db, { orders: 10, environment: 'production' }), {
    message: /production does not get one/,
  })
  await t.rejects(seedHistory(db, { orders: 10 }), { message: /seed it first/ })
  t.same(await column(db, sql`select count(*) from orders`), [0])
})
