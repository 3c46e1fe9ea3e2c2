import { asService, cloneTestDatabase } from '@comanda/local-stack/testing'
import pg from 'pg'
import t, { type Test } from 'tap'
import { migrate } from '#src/migrate/migrate.ts'
import { rights, type ServiceWithRole, servicesWithRoles } from '#src/roles/rights.ts'

const clone = await cloneTestDatabase()
t.teardown(() => clone.drop())
// What belongs to a database, and not to what is in it, is not cloned.
await migrate(clone.url)
const owner = await connect(t, clone.url)
const clients = new Map<ServiceWithRole, pg.Client>()
for (const service of servicesWithRoles) clients.set(service, await connect(t, asService(clone.url, service)))
const as = (service: ServiceWithRole) => clients.get(service) as pg.Client

async function connect(t: Test, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  t.teardown(() => client.end())
  return client
}

/** The SQLSTATE with which a statement is refused; null when it is not. */
const refusal = (client: pg.Client, statement: string): Promise<string | null> =>
  client.query(statement).then(
    () => null,
    (error: pg.DatabaseError) => error.code ?? error.message,
  )

const forbiddenToAll = [
  'alter table audit_log disable trigger audit_log_append_only',
  'alter table audit_log disable trigger all',
  'drop trigger entries_append_only on entries',
  `set session_replication_role = 'replica'`,
  'delete from entries',
  'update entries set amount_cents = 0',
  'select from entries for update',
  'truncate entries',
  'delete from audit_log',
  'update audit_log set actor_id = null',
  'delete from events',
  'update events set reason = null',
  `insert into audit_log (action, subject_type, subject_id, at) values ('a.b', 'a', '1', now() - interval '1 day')`,
  `insert into audit_log (id, action, subject_type, subject_id) overriding system value values (1, 'a.b', 'a', '1')`,
  `insert into events (type, actor_role, at) values ('order.placed', 'system', now() - interval '1 day')`,
  `insert into events (type, actor_role, xid) values ('order.placed', 'system', '3')`,
  `insert into events (id, type, actor_role) overriding system value values (1, 'order.placed', 'system')`,
  `insert into entries (created_at) values (now() - interval '1 day')`,
  'insert into entries (id) values (uuidv7())',
  'truncate orders cascade',
  'delete from orders',
  'delete from payments',
  'drop table settings',
  'alter table users add column x int',
  'alter table users owner to current_user',
  'create index mine on users (name)',
  'create table mine (x int)',
  'create temporary table users (x int)',
  'create view mine as select 1',
  'create schema mine',
  'create function mine() returns int language sql as $$ select 1 $$',
  'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return null; end $$',
  'drop function refuse_change() cascade',
  'update schema_version set version = 999',
  'select from schema_migrations',
  'select from function_files',
  'update users set is_admin = true',
  `insert into users (email, name, password_hash, is_admin) values ('a@example.edu', 'A', '', true)`,
  'create role another',
  'grant comanda to current_user',
  'grant delete on entries to current_user with grant option',
  'set role comanda',
  `copy (select 1) to program 'true'`,
  `select pg_read_file('/etc/passwd')`,
]

t.test('the role of a service owns nothing, and can change neither history nor the schema', async (t) => {
  for (const service of servicesWithRoles) {
    const client = as(service)
    for (const statement of forbiddenToAll) {
      // A read-only transaction is refused before its rights are looked at.
      await client.query('set default_transaction_read_only = off')
      const refused = await refusal(client, statement)
      // To grant what one may not grant is a warning, when one has another right to the table.
      if (statement.startsWith('grant delete') && refused === null)
        t.equal(await refusal(client, 'delete from entries'), '42501', `${service}: ${statement}`)
      else t.equal(refused, '42501', `${service}: ${statement}`)
    }
    const owned = await client.query(
      `select from pg_shdepend where refobjid = current_user::regrole and deptype = 'o'`,
    )
    t.equal(owned.rowCount, 0, `${service} owns nothing`)
    const memberships = await client.query(`select from pg_auth_members where member = current_user::regrole`)
    t.equal(memberships.rowCount, 0, `${service} is a member of no role`)
  }
})

t.test('a service reads what it needs, and not what it does not', async (t) => {
  const refused: Record<ServiceWithRole, string[]> = {
    orders: ['rollup_days', 'schema_migrations'],
    worker: ['users', 'memberships', 'invitations', 'refresh_tokens', 'audit_log'],
    realtime: [
      'entries',
      'accounts',
      'payments',
      'refresh_tokens',
      'memberships',
      'invitations',
      'audit_log',
      'events',
      'feed',
    ],
    analytics: [
      'users',
      'invitations',
      'sessions',
      'refresh_tokens',
      'accounts',
      'idempotency_keys',
      'provider_events',
      'audit_log',
      'settings',
      'opening_hours',
      'schedule_exceptions',
      'mealtimes',
      'categories',
      'modifier_groups',
      'modifiers',
      'product_modifier_groups',
      'pickup_slots',
      'top_products',
      'order_items',
      'refunds',
      'customers',
    ],
  }
  for (const service of servicesWithRoles) {
    t.equal(await refusal(as(service), 'select version from schema_version'), null)
    for (const table of refused[service])
      t.equal(await refusal(as(service), `select * from ${table}`), '42501', `${service} reads no ${table}`)
  }
  for (const service of ['realtime', 'analytics'] as const) {
    t.equal(await refusal(as(service), 'select id, status, version from orders'), null)
    for (const secret of ['pickup_code', 'items', '*'])
      t.equal(await refusal(as(service), `select ${secret} from orders`), '42501', `${service}: ${secret}`)
  }
  for (const secret of ['password_hash', 'email', 'name'])
    t.equal(await refusal(as('realtime'), `select ${secret} from users`), '42501', secret)
  for (const [table, secret] of [
    ['payments', 'provider_reference'],
    ['events', 'reason'],
  ])
    t.equal(await refusal(as('analytics'), `select ${secret} from ${table}`), '42501', `${table}.${secret}`)
})

t.test('analytics and gateways have no right but to read', async (t) => {
  const { rows } = await owner.query(`
    select grantee, table_name, privilege_type from information_schema.table_privileges
    where grantee in ('comanda_analytics', 'comanda_realtime') and privilege_type <> 'SELECT'
    union all
    select grantee, table_name, privilege_type from information_schema.column_privileges
    where grantee in ('comanda_analytics', 'comanda_realtime') and privilege_type <> 'SELECT'`)
  t.same(rows, [])
  const fresh = await connect(t, asService(clone.url, 'analytics'))
  const shown = await fresh.query('show transaction_read_only')
  t.same(shown.rows, [{ transaction_read_only: 'on' }])
})

t.test('every table and view has a line that says who may do what', async (t) => {
  const { rows } = await owner.query<{ name: string }>(
    `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace
       and c.relkind in ('r', 'p', 'v', 'm', 'f')
       and not exists (select from pg_depend where objid = c.oid and deptype = 'e') order by c.relname`,
  )
  t.same(
    Object.keys(rights).toSorted(),
    rows.map(({ name }) => name),
    'the keys of `rights` in libs/database/src/roles/rights.ts are the tables and views',
  )
})

t.test('a function that runs with the rights of its owner names its search path', async (t) => {
  const { rows } = await owner.query(
    `select oid::regprocedure::text as name from pg_proc where pronamespace = 'public'::regnamespace
       and prosecdef and not coalesce(proconfig::text, '') like '%search_path=%'`,
  )
  t.same(rows, [])
})

t.test('migrating again gives back what was granted, and takes what was not', async (t) => {
  await owner.query(`
    grant delete on entries to comanda_orders;
    grant select (password_hash) on users to comanda_analytics;
    grant select on users to public;
    grant create on schema public to public, comanda_orders;
    grant update on all sequences in schema public to comanda_worker;
    revoke select on orders from comanda_orders`)
  t.equal(await refusal(as('orders'), 'delete from entries where false'), '23001', 'the trigger refuses')
  await owner.query(
    `do $$ begin execute format('grant create, temporary on database %I to comanda_worker', current_database()); end $$`,
  )
  const byHand = [
    ['orders', 'create table mine (x int)'],
    ['worker', `select setval('audit_log_id_seq', 1000)`],
    ['worker', 'create temporary table users (x int)'],
    ['worker', 'create schema mine'],
  ] as const
  for (const [service, statement] of byHand) {
    await as(service).query('begin')
    t.equal(await refusal(as(service), statement), null, statement)
    await as(service).query('rollback')
  }
  t.equal(await refusal(as('analytics'), 'select * from users'), null)
  t.equal(await refusal(as('orders'), 'select from orders'), '42501')
  await migrate(clone.url)
  t.equal(await refusal(as('orders'), 'delete from entries where false'), '42501')
  t.equal(await refusal(as('analytics'), 'select password_hash from users'), '42501')
  t.equal(await refusal(as('worker'), 'select name from users'), '42501')
  for (const [service, statement] of byHand)
    t.equal(await refusal(as(service), statement), '42501', `${service}: ${statement}`)
  t.equal(await refusal(as('orders'), 'select from orders'), null)
})
