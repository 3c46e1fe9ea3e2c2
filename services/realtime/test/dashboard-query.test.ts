import { createDatabase, databaseOptions } from '@comanda/database'
import { cloneTestDatabase } from '@comanda/local-stack/testing'
import { cafeteriaIds, seedCampus, seedHistory } from '@comanda/seed'
import { loadConfig } from '@comanda/service'
import { sql } from 'kysely'
import t from 'tap'
import { configSchema } from '#src/config.ts'
import { listDashboards } from '#src/dashboard/dashboard.repository.ts'

t.test('a dashboard reads the orders of a day, however many there are of other days', async (t) => {
  const clone = await cloneTestDatabase()
  // There is one connection, because Postgres counts by connection and it is asked for its own statistics. The history takes long.
  const config = loadConfig(configSchema, {
    NODE_ENV: 'test',
    DATABASE_URL: clone.url,
    DATABASE_POOL_MAX: '1',
    DATABASE_STATEMENT_SECONDS: '120',
    REDIS_NODES: '127.0.0.1:1',
  })
  const database = createDatabase({
    ...databaseOptions(config, 'realtime-test-history'),
    log: { info() {}, warn() {} },
  })
  t.teardown(async () => {
    await database.close()
    await clone.drop()
  })
  const db = database.primary
  await seedCampus(db, { demoAccounts: false, password: '' })
  await seedHistory(db, { orders: 10_000 })
  await sql`vacuum analyze`.execute(db)

  const read = async () => {
    await sql`select pg_stat_force_next_flush()`.execute(db)
    const { rows } = await sql<{ scans: number; fetched: number }>`
      select seq_scan as scans, idx_tup_fetch as fetched from pg_stat_user_tables where relname = 'orders'`.execute(
      db,
    )
    return rows[0] as (typeof rows)[0]
  }
  const before = await read()
  // Postgres may prefer one plan for all values from the sixth execution on.
  const times = 6
  for (let time = 0; time < times; time += 1)
    t.equal((await listDashboards(db, cafeteriaIds)).size, cafeteriaIds.length)
  const after = await read()
  t.equal(after.scans, before.scans, 'no scan')
  const { rows } = await sql<{ today: number }>`
    select count(*) as today from orders o join cafeterias c on c.id = o.cafeteria_id
    where o.created_at >= date_trunc('day', now() at time zone c.time_zone) at time zone c.time_zone`.execute(
    db,
  )
  t.equal(after.fetched - before.fetched, times * (rows[0]?.today ?? -1), 'nothing but today’s orders')
})
