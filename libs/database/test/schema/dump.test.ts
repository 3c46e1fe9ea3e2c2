import t from 'tap'
import { dumpSchema } from '#src/dump/dump-schema.ts'
import { openClone } from '../migrate/schema-copy.ts'

t.test('a dump makes the same schema anew', async (t) => {
  const { client } = await openClone(t)
  const dump = await dumpSchema(client, 'constants')
  await client.query('drop schema public cascade; create schema public')
  await client.query(dump)
  t.equal(await dumpSchema(client, 'constants'), dump)
})

t.test('a dump with all rows makes the same database anew', async (t) => {
  const { client } = await openClone(t)
  await client.query(`
    insert into users (email, name, password_hash) values ('ana@example.edu', 'Ana''s "\\" name', '');
    insert into audit_log (actor_id, action, subject_type, subject_id, before)
    select id, 'edit', 'user', id, '{"a": [1, null, "ñ"]}' from users;
    with cafeteria as (
      insert into cafeterias (slug, name, time_zone, currency) values ('a', 'A', 'UTC', 'MXN') returning id
    ), category as (
      insert into categories (cafeteria_id, name) select id, 'Mains' from cafeteria returning id, cafeteria_id
    )
    insert into products (cafeteria_id, category_id, name, price_cents, make_seconds)
    select cafeteria_id, id, 'Jamón', 1, 1 from category;
    insert into refresh_tokens (hash, session_id) select '\\x00ff', s.id from users u
    cross join lateral (select uuidv7() as id) new, lateral (select new.id) s where false;
  `)
  const dump = await dumpSchema(client, 'all')
  t.match(dump, 'ana@example.edu')
  await client.query('drop schema public cascade; create schema public')
  await client.query(dump)
  t.equal(await dumpSchema(client, 'all'), dump)
  await client.query(`insert into audit_log (action, subject_type, subject_id) values ('edit', 'user', '')`)
})

const changes: [statement: string, shown: RegExp][] = [
  [
    'alter table users add column extra integer not null default 7',
    /^ {2}extra integer DEFAULT 7 NOT NULL,$/m,
  ],
  [
    'alter table users add column twice int generated always as (1 + 1) stored',
    /^ {2}twice integer GENERATED ALWAYS AS \(1 \+ 1\) STORED,$/m,
  ],
  ['alter table users alter column name type varchar(80)', /^ {2}name character varying\(80\) NOT NULL,$/m],
  ["alter table users add check (name <> '')", /CONSTRAINT users_name_check CHECK/],
  ['alter table users set (fillfactor = 70)', /^\) WITH \(fillfactor=70\);$/m],
  [
    'create index users_name on users (lower(name)) where is_admin',
    /^CREATE INDEX users_name ON users .* WHERE is_admin;$/m,
  ],
  ['create domain positive as integer check (value > 0)', /^CREATE DOMAIN positive AS integer$/m],
  ['create view names as select name from users', /^CREATE VIEW names AS$/m],
  [
    'create function one() returns int language sql as $$ select 1 $$',
    /^CREATE OR REPLACE FUNCTION one\(\)$/m,
  ],
  ['alter function clearing_account() cost 7', /^ .*COST 7$/m],
  [
    'create trigger stop before insert on users execute function refuse_change()',
    /^CREATE TRIGGER stop BEFORE INSERT ON users/m,
  ],
  ['grant select on users to public', /^GRANT SELECT ON users TO PUBLIC;$/m],
  [
    'grant delete, update (name, email) on users to comanda_worker with grant option',
    /^GRANT UPDATE \(email, name\), DELETE ON users TO comanda_worker WITH GRANT OPTION;$/m,
  ],
  [
    'grant select (seq) on relayed_orders to comanda_analytics',
    /^GRANT SELECT \(seq\) ON relayed_orders TO comanda_analytics;$/m,
  ],
]

t.test('a dump shows every kind of change', async (t) => {
  const { client } = await openClone(t)
  const before = await dumpSchema(client, 'constants')
  for (const [statement, shown] of changes) {
    t.notMatch(before, shown)
    await client.query('begin')
    await client.query(statement)
    t.match(await dumpSchema(client, 'constants'), shown, statement)
    await client.query('rollback')
  }
})

const refused: [statement: string, object: string][] = [
  [`create type mood as enum ('good')`, 'type mood'],
  ['create sequence numbers', 'sequence numbers'],
  ['create schema other', 'schema other'],
  ['create materialized view m as select 1', 'm'],
  ['create table part (id int) partition by range (id)', 'part'],
  [`comment on table users is 'People'`, `comment 'People'`],
  ['alter table users enable row level security', 'table users'],
  ['create rule quiet as on delete to users do instead nothing', 'rule quiet'],
  ['alter table entries disable trigger entries_append_only', 'trigger entries_append_only'],
  ['alter table users add column twice int generated always as (1 + 1) virtual', 'twice of users'],
  ['create extension citext', 'extension citext'],
  ['create statistics s on email, name from users', 'statistics object s'],
  ['revoke update on users from comanda', 'table users'],
  ['create function one() returns int return 1', 'function one()'],
]

t.test('no dump is made that would leave something out', async (t) => {
  const { client } = await openClone(t)
  for (const [statement, object] of refused) {
    await client.query('begin')
    await client.query(statement)
    const message = new RegExp(`how to write: .*${RegExp.escape(object)}`)
    await t.rejects(dumpSchema(client, 'constants'), { message }, statement)
    await client.query('rollback')
  }
})
