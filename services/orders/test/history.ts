import { createDatabase, databaseOptions, type Schema } from '@comanda/database'
import { asOwner } from '@comanda/local-stack/testing'
import { cafeteriaIds, seedCampus, seedHistory } from '@comanda/seed'
import { type Kysely, sql } from 'kysely'
import type { TestApp } from './app.ts'
import { sequenceAll } from './feed/sequence-all.ts'

/** The number of rows per table, large enough that a sequential scan is worth avoiding. */
const rows = 10_000

/**
 * Fills the database with a campus and a year of its life, so that the planner sees what it will see in production.
 * @returns the cafeteria that never closes
 */
export async function addHistory({ config }: Pick<TestApp, 'config'>): Promise<string> {
  const pool = {
    ...config,
    DATABASE_URL: asOwner(config.DATABASE_URL),
    DATABASE_POOL_MAX: 2,
    DATABASE_STATEMENT_SECONDS: 120,
  }
  const database = createDatabase({
    ...databaseOptions(pool, 'orders-test-history'),
    log: { info() {}, warn() {} },
  })
  const db = database.primary
  try {
    await seedCampus(db, { demoAccounts: false, password: '' })
    await seedHistory(db, { orders: rows })
    await addSessions(db)
    await addKeysAndMessages(db)
    await sequenceAll(db)
    await sql`vacuum analyze`.execute(db)
  } finally {
    await database.close()
  }
  return cafeteriaIds[0] as string
}

/** Adds sessions of the customers: most have expired, and some were revoked. */
async function addSessions(db: Kysely<Schema>): Promise<void> {
  await sql`
    with people as (select array_agg(id) as ids from users), begun as (
      insert into sessions (user_id, created_at, last_used_at, expires_at, revoked_at)
      select ids[1 + n % cardinality(ids)], at, at, at + interval '30 days', case when n % 10 = 0 then at + interval '1 hour' end
      from people, generate_series(1, ${rows}::integer) n, lateral (select now() - n * interval '10 minutes' as at) began
      returning id
    )
    insert into refresh_tokens (hash, session_id) select sha256(id::text::bytea), id from begun`.execute(db)
}

async function addKeysAndMessages(db: Kysely<Schema>): Promise<void> {
  await sql`
    insert into idempotency_keys (user_id, key, operation, request_hash, subject_id, answer, created_at)
    select user_id, id::text, 'place_order', sha256(id::text::bytea), id, '{}', now() - random() * interval '24 hours'
    from orders`.execute(db)
  await sql`
    insert into provider_events (provider, event_id, payload, received_at)
    select 'sandbox', n::text, '{}', now() - random() * interval '30 days' from generate_series(1, ${rows}::integer) n`.execute(
    db,
  )
  await sql`
    insert into audit_log (actor_id, action, subject_type, subject_id)
    select user_id, 'product.update', 'product', id::text from orders`.execute(db)
}
