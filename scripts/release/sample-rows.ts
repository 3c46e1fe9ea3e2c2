import { setTimeout as wait } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import type { Schema } from '../../libs/database/src/index.ts'
import { demoAccounts } from '../../libs/seed/src/index.ts'

/** Removes what makes a dump long and shows nothing more: customers who never ordered, and most of the slots in which nobody has. */
export async function leaveFew(db: Kysely<Schema>): Promise<void> {
  await sql`
    with gone as (
      delete from users u where not email = any (${demoAccounts.map(({ email }) => email)})
        and not exists (select from orders o where o.user_id = u.id)
        and not exists (select from entries e where e.user_id = u.id)
        and not exists (select from events e where e.actor_id = u.id)
      returning id
    )
    delete from accounts where kind = 'wallet' and id in (select id from gone)`.execute(db)
  await sql`
    delete from pickup_slots s where starts_at > now() + interval '1 day'
      and not exists (select from orders o where o.slot_id = s.id)`.execute(db)
}

/** Adds to the campus and its history what they leave out: at least a row of every other table, by the functions that services call. */
export async function addSamples(db: Kysely<Schema>): Promise<void> {
  await addSession(db)
  await addInvitation(db)
  await addRefund(db)
  await sql`select receive_provider_event('sandbox', 'sample', '{}', null, 'authorized', null, null, null, null, 'sample')`.execute(
    db,
  )
  await addQuote(db)
  await addPromisedOrder(db)
  await sql`select learn_promises(array(select id from events where type = 'order.ready'))`.execute(db)
  await sql`select calculate_top_products(id, 28, 20) from cafeterias`.execute(db)
  await followLog(db)
}

async function addSession(db: Kysely<Schema>): Promise<void> {
  await sql`
    with session as (
      insert into sessions (user_id, expires_at) select id, now() + interval '30 days' from users order by email limit 1 returning id
    )
    insert into refresh_tokens (hash, session_id) select sha256(id::text::bytea), id from session`.execute(db)
}

/** It is audited, too. */
async function addInvitation(db: Kysely<Schema>): Promise<void> {
  await sql`
    select invite_member(c.id, 'sample@comanda.test', 'staff', sha256('sample'), u.id, true, 'sample')
    from (select id from cafeterias order by id limit 1) c, (select id from users where is_admin order by id limit 1) u`.execute(
    db,
  )
}

/** Under an idempotency key. */
async function addRefund(db: Kysely<Schema>): Promise<void> {
  await sql`
    select request_refund(u.id, 'admin', null, p.id, 100, 'sample', 'sample', sha256('sample'), 'sample')
    from (select id from payments where status = 'captured' and order_id is not null and amount_cents > 100 order by id limit 1) p,
      (select id from users where is_admin order by id limit 1) u`.execute(db)
}

/** A customer with money, and one of what a cafeteria that is always open sells. */
const wish = sql`
  (select id from users where email = 'customer@comanda.test') u,
  lateral (
    select p.cafeteria_id, jsonb_build_array(jsonb_build_object('product_id', p.id, 'quantity', 1)) as items
    from products p join cafeterias c on c.id = p.cafeteria_id
    where c.slug = 'biblioteca' and p.available and p.stock_quantity is null order by p.id limit 1
  ) p`

async function addQuote(db: Kysely<Schema>): Promise<void> {
  await sql`select quote_order(u.id, p.cafeteria_id, null, p.items) from ${wish}`.execute(db)
}

/** It is wanted as soon as possible, so that its promise is an estimate, from which something is learnt. */
async function addPromisedOrder(db: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select (placed.o).id from ${wish}, place_order(u.id, p.cafeteria_id, null, p.items, 'wallet', 'wallet', null, null, null, 'sample') placed`.execute(
    db,
  )
  for (const [from, to] of [
    ['placed', 'accepted'],
    ['accepted', 'preparing'],
    ['preparing', 'ready'],
  ])
    await sql`select transition_order(${rows[0]?.id}, array[${from}], ${to}, null, 'system')`.execute(db)
}

/** Numbers all events into the feeds, and adds them to the rollups. */
async function followLog(db: Kysely<Schema>): Promise<void> {
  await sql`insert into event_positions (consumer, xid, event_id) values ('rollups', '0', 0) on conflict do nothing`.execute(
    db,
  )
  // An event is read once no older transaction of the server is under way.
  for (;;) {
    await sql`select sequence_events(1000)`.execute(db)
    await sql`select roll_up(1000)`.execute(db)
    const { rows } = await sql<{ lags: boolean }>`
      select exists (
        select from event_positions p, consumer_lag(p) unread where p.consumer in ('feed', 'rollups') and unread.events > 0
      ) as lags`.execute(db)
    if (rows[0]?.lags === false) return
    await wait(20)
  }
}
