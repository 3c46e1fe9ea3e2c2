import type { Client } from 'pg'
import { listTables } from '../dump/tables.ts'
import { dropObjects, listObjects } from './schema-objects.ts'

/** The migrations before the baseline. A database with all of them can be brought to it. */
const formerFiles = [
  '0001_people',
  '0002_catalogue',
  '0003_hours_and_slots',
  '0004_orders',
  '0005_payments',
  '0006_transition_order',
  '0007_place_order',
  '0008_settle_payment',
  '0009_pay_and_refund',
  '0010_worker',
  '0011_check_balances',
  '0012_feed',
  '0013_feed_retention',
  '0014_catalogue_versions',
  '0015_place_order_faster',
  '0016_relay_events',
  '0017_what_the_clock_changes',
  '0018_top_products',
  '0019_lines_with_the_order',
  '0020_qr_payload_by_parts',
  '0021_lines_as_text',
  '0022_since_when_a_menu_is_as_it_is',
]

/** The schema that holds the old tables while the baseline makes them anew. */
const aside = 'before_baseline'

/** The old names of tables that have another name now. */
const renamed: Record<string, string> = { events: 'order_events' }

/**
 * Puts the tables of a database from before the baseline aside and drops its functions, so that the baseline can be applied.
 * @returns whether it was such a database; then `bringBack` is to follow in the same transaction
 * @throws Error when it was not at its last state
 */
export async function setAside(client: Client): Promise<boolean> {
  const former = await client.query<{ there: boolean }>(
    `select to_regclass('kysely_migration') is not null as there`,
  )
  if (!former.rows[0]?.there) return false
  const applied = await client.query<{ name: string }>('select name from kysely_migration order by name')
  if (applied.rows.map(({ name }) => name).join() !== formerFiles.join())
    throw new Error(
      'This database is from before the baseline, and not at its last state: migrate it with that program first.',
    )
  await dropObjects(client, (await listObjects(client)).keys())
  await client.query(`drop table kysely_migration, kysely_migration_lock; create schema ${aside}`)
  for (const { name } of await listTables(client))
    await client.query(`alter table ${name} set schema ${aside}`)
  const domains = await client.query<{ name: string }>(
    `select oid::regtype::text as name from pg_type where typtype = 'd' and typnamespace = current_schema()::regnamespace`,
  )
  for (const { name } of domains.rows) await client.query(`alter domain ${name} set schema ${aside}`)
  return true
}

/** The values of new columns whose default, if any, is not for old rows, by table: expressions over its old columns. */
const derived: Record<string, Record<string, string>> = {
  orders: {
    number: 'row_number() over (partition by cafeteria_id, pickup_date order by id)',
    begin_at: 'pickup_at - make_interval(secs => make_seconds)',
  },
}

/** Copies the rows of the tables that were put aside into those of the baseline, and drops the old tables. */
export async function bringBack(client: Client): Promise<void> {
  // The baseline has inserted the clearing account, which is among the copied rows too.
  await client.query('delete from accounts')
  for (const { name } of await listTables(client)) await copyRows(client, name)
  await client.query(`
    update event_positions p set xid = f.xid, event_id = f.event_id, ahead = f.ahead
    from ${aside}.feed_position f where p.consumer = 'feed'
  `)
  // A trigger keeps the zones of cafeterias, and there are no triggers yet.
  await client.query(`
    insert into cafeteria_time_zones (cafeteria_id, since, time_zone) select id, '-infinity', time_zone from cafeterias
  `)
  await client.query(`drop schema ${aside} cascade`)
}

/** Columns are copied by name. An old column without a namesake is dropped, a new one is derived or takes its default. */
async function copyRows(client: Client, table: string): Promise<void> {
  const former = `${aside}.${renamed[table] ?? table}`
  const { rows } = await client.query<{ name: string; identity: boolean }>(
    `select quote_ident(a.attname) as name, a.attidentity <> '' as identity
     from pg_attribute a join pg_attribute f on f.attrelid = to_regclass($2) and f.attname = a.attname
     where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [table, former],
  )
  if (rows.length === 0) return
  const names = rows.map(({ name }) => name)
  const more = derived[table] ?? {}
  await client.query(
    `insert into ${table} (${[...names, ...Object.keys(more)].join(', ')}) overriding system value
     select ${[...names, ...Object.values(more)].join(', ')} from ${former}`,
  )
  for (const { name } of rows.filter(({ identity }) => identity))
    await client.query(
      `select setval(pg_get_serial_sequence('${table}', '${name}'), max(${name})) from ${table}`,
    )
  await client.query(`analyze ${table}`)
}
