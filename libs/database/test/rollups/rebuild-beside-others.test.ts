import { setTimeout as wait } from 'node:timers/promises'
import { rebuildRollups } from '@comanda/database'
import pg from 'pg'
import t, { type Test } from 'tap'
import { migrate } from '#src/migrate/migrate.ts'
import { copySchema, openClone, valueOf } from '../migrate/schema-copy.ts'

const position = `hashtextextended('comanda consumer rollups', 0)`
const zones = `hashtextextended('comanda time zones', 0)`
const schema = `hashtextextended('comanda migrate', 0)`

/** The schema of a rebuild that has not come to its end. */
const unfinished = `select to_regnamespace('rollups_rebuild') is not null`
const activity = `from pg_stat_activity where application_name = 'comanda-rollups-rebuild' and datname = current_database()`
const waitsForPosition = `select exists (select ${activity} and wait_event_type = 'Lock' and wait_event = 'advisory')`
/** Between two attempts at the swap; what is asked for is longer than any wait for a lock within an attempt. */
const pauses = (query: string) =>
  `select exists (select ${activity} and state = 'idle' and query = '${query}' and clock_timestamp() - state_change > interval '2 seconds')`

async function until(client: pg.Client, condition: string): Promise<void> {
  while (!(await valueOf(client, condition))) await wait(20)
}

async function openAnother(t: Test, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  t.teardown(() => client.end())
  return client
}

/** A rebuild that has counted what it could, and waits for the position of the rollups, which `client` holds. */
async function startRebuild(
  url: string,
  client: pg.Client,
  batchSize = 1000,
): Promise<{ rebuild: Promise<number> }> {
  await client.query(`select pg_advisory_lock(${position})`)
  const rebuild = rebuildRollups(url, { batchSize })
  // Each test awaits it at its end.
  rebuild.catch(() => {})
  await until(client, waitsForPosition)
  return { rebuild }
}

t.test('each batch has a transaction of its own, also after a time zone was being changed', async (t) => {
  const { url, client } = await openClone(t)
  await client.query(`
    insert into event_positions (consumer, xid, event_id) values ('rollups', '0', 0);
    create table batches (xid xid8 not null);
    create function keep_batch() returns trigger language plpgsql as $$
    begin
      insert into batches values (pg_current_xact_id());
      return null;
    end $$;
    create trigger keep_batch after update on event_positions for each row when (new.consumer = 'rollups-rebuild')
      execute function keep_batch()`)
  await client.query(`insert into events (type, cafeteria_id, order_id, actor_role)
    select 'order.placed', gen_random_uuid(), gen_random_uuid(), 'system' from generate_series(1, 9)`)
  while ((await valueOf(client, 'select events from roll_up(100)')) === 0) await wait(20)
  await client.query(`select pg_advisory_lock(${zones})`)
  const { rebuild } = await startRebuild(url, client, 4)
  t.equal(await valueOf(client, 'select count(*)::int from batches'), 0, 'nothing is counted meanwhile')
  await client.query('select pg_advisory_unlock_all()')
  t.equal(await rebuild, 9)
  t.same(
    await valueOf(client, 'select array_agg(n::int) from (select count(*) n from batches group by xid)'),
    [1, 1, 1],
  )
})

t.test('a migration beside a rebuild is not undone by its swap', async (t) => {
  const { url, client } = await openClone(t)
  const { folder, write } = copySchema(t)
  const { rebuild } = await startRebuild(url, client)
  write('migrations/0002_waste.sql', 'alter table rollup_days add column wasted integer not null default 0;')
  await migrate(url, { folder, version: 2 })
  await client.query(`select pg_advisory_unlock(${position})`)
  await t.rejects(rebuild, { message: 'The schema was migrated during the rebuild. Run it again.' })
  t.equal(await valueOf(client, 'select count(wasted)::int from rollup_days'), 0)
  t.equal(await rebuildRollups(url), 0)
  t.equal(await valueOf(client, 'select count(wasted)::int from rollup_days'), 0)
})

t.test('a swap waits for the end of a migration', async (t) => {
  const { url, client } = await openClone(t)
  const { rebuild } = await startRebuild(url, client)
  await client.query(`select pg_advisory_lock(${schema})`)
  await client.query(`select pg_advisory_unlock(${position})`)
  await until(client, pauses('commit'))
  t.equal(await valueOf(client, unfinished), true)
  await client.query(`select pg_advisory_unlock(${schema})`)
  t.equal(await rebuild, 0)
  t.equal(await valueOf(client, unfinished), false)
})

t.test('a swap that meets a long reader gives way, and is tried again', async (t) => {
  const { url, client } = await openClone(t)
  const reader = await openAnother(t, url)
  await reader.query('begin; select from rollup_products')
  const rebuild = rebuildRollups(url)
  rebuild.catch(() => {})
  await until(client, pauses('rollback'))
  t.equal(await valueOf(client, unfinished), true)
  await reader.query('commit')
  t.equal(await rebuild, 0)
})

t.test('a swap that Postgres ends because of a deadlock is tried again', async (t) => {
  const { url, client } = await openClone(t)
  const reader = await openAnother(t, url)
  await reader.query('begin; select from rollup_hours')
  const admin = new pg.Client({ ...parts(url), user: 'postgres', password: 'postgres' })
  await admin.connect()
  await admin.query(`do $$ begin
    execute format('alter database %I set deadlock_timeout = ''10ms''', current_database());
  end $$`)
  await admin.end()
  const { rebuild } = await startRebuild(url, client)
  // It queues behind the rebuild, which then waits for the table that the reader has locked.
  const queued = reader.query(`select pg_advisory_xact_lock(${position})`)
  await until(client, `select count(*) = 2 from pg_locks where locktype = 'advisory' and not granted`)
  await client.query(`select pg_advisory_unlock(${position})`)
  await queued
  await reader.query('commit')
  t.equal(await rebuild, 0)
})

function parts(url: string) {
  const { hostname, port, pathname } = new URL(url)
  return { host: hostname, port: Number(port), database: pathname.slice(1) }
}
