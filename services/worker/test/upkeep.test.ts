import { sql } from 'kysely'
import t from 'tap'
import { cleanUpJob } from '#src/cleanup/clean-up.job.ts'
import { openSlotsJob } from '#src/slots/open-slots.job.ts'
import { openDatabase, openKitchen } from './fixture.ts'

const never = new AbortController().signal

t.test('slots are kept open seven days ahead, and agree with changed hours', async (t) => {
  const { database, owner } = await openDatabase(t)
  const kitchen = await openKitchen(owner)
  const job = openSlotsJob({ database, days: 7 })
  const slots = async () => {
    const { rows } = await sql<{ open: number; days: number }>`
      select count(*)::integer as open, count(distinct (starts_at at time zone 'America/Mexico_City')::date)::integer as days
      from pickup_slots where not closed and starts_at > now()`.execute(owner.primary)
    return rows[0] as { open: number; days: number }
  }
  await Promise.all([job.run(never), job.run(never)])
  const { open, days } = await slots()
  t.ok(days === 7 || days === 8, 'the rest of today and seven days')
  t.ok(open > 7 * 96 - 1, 'a quarter of an hour each, around the clock')
  await sql`delete from opening_hours where kind = 'opening' and cafeteria_id = ${kitchen.cafeteriaId}`.execute(
    owner.primary,
  )
  await job.run(never)
  t.same(await slots(), { open: 0, days: 0 })
})

t.test(
  'old keys, ended sessions, old messages, old invitations and old quotes are deleted, and nothing else',
  async (t) => {
    const { database, owner } = await openDatabase(t)
    const { userId } = await openKitchen(owner)
    const db = owner.primary
    await sql`insert into idempotency_keys (user_id, key, operation, request_hash, created_at)
    select ${userId}, n::text, 'top_up', '', now() - make_interval(hours => n) from generate_series(22, 26) n`.execute(
      db,
    )
    await sql`insert into sessions (user_id, expires_at)
    select ${userId}, now() + make_interval(hours => n) from generate_series(-2, 2) n`.execute(db)
    await sql`insert into refresh_tokens (hash, session_id)
    select uuid_send(id), id from sessions`.execute(db)
    await sql`insert into provider_events (provider, event_id, payload, received_at)
    select 'sandbox', n::text, '{}', now() - make_interval(days => n) from generate_series(28, 32) n`.execute(
      db,
    )
    await sql`insert into invitations (cafeteria_id, email, role, code_hash, invited_by, status, expires_at)
    select id, n || '@comanda.test', 'staff', '', ${userId}, case n when 28 then 'accepted' else 'pending' end,
      now() - make_interval(days => n) from cafeterias, generate_series(28, 32) n`.execute(db)
    await sql`insert into quotes (user_id, cafeteria_id, slot_id, digest, total_cents, promised_at, expires_at)
    select ${userId}, id, uuidv7(), '', n, now(), now() - make_interval(mins => n) from cafeterias, unnest(array[1, 2, 59, 61, 62]) n`.execute(
      db,
    )
    t.equal(await cleanUpJob({ database }).run(never), false)
    const { rows } = await sql`select
    (select array_agg(email order by email) from invitations) as invitations,
    (select array_agg(key order by key) from idempotency_keys) as keys,
    (select array_agg(total_cents::integer order by total_cents) from quotes) as quotes,
    (select count(*) from sessions) as sessions, (select count(*) from refresh_tokens) as tokens,
    (select array_agg(event_id order by event_id) from provider_events) as events`.execute(db)
    const quotes = [1, 2, 59]
    const invitations = ['28@comanda.test', '29@comanda.test']
    t.same(rows, [{ keys: ['22', '23'], sessions: 2, tokens: 2, events: ['28', '29'], invitations, quotes }])
  },
)
