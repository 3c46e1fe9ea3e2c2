import { migrate } from '@comanda/database'
import t from 'tap'
import { copySchema, openClone, valueOf } from './schema-copy.ts'

const clearing = 'functions/ledger/clearing_account.sql'
const view = 'functions/feed/relayed_orders.sql'
const greeting = 'functions/orders/greeting.sql'

t.test('a function is what its file says: edited, with another signature, and no more', async (t) => {
  const { url, client } = await openClone(t)
  const schema = copySchema(t)
  const { folder } = schema
  const greetings = async () => {
    const { rows } = await client.query<{ name: string }>(
      `select oid::regprocedure::text as name from pg_proc where proname = 'greeting' order by name`,
    )
    return rows.map(({ name }) => name)
  }
  schema.write(
    greeting,
    `create or replace function greeting() returns text language sql as $$ select 'hola' $$;`,
  )
  t.strictSame((await migrate(url, { folder })).functions, [greeting])
  t.equal(await valueOf(client, 'select greeting()'), 'hola')

  schema.edit(greeting, 'hola', 'buenas')
  t.strictSame((await migrate(url, { folder })).functions, [greeting], 'this file alone is applied again')
  t.equal(await valueOf(client, 'select greeting()'), 'buenas')

  const old = 'functions/orders/greeting_of_0_1.sql'
  schema.write(
    old,
    `create or replace function greeting() returns text language sql as $$ select greeting('') $$;`,
  )
  schema.edit(greeting, 'greeting()', 'greeting(name text)')
  await migrate(url, { folder })
  t.strictSame(await greetings(), ['greeting()', 'greeting(text)'], 'a file keeps the old signature')
  schema.remove(old)
  t.strictSame((await migrate(url, { folder })).functions, [old])
  t.strictSame(await greetings(), ['greeting(text)'], 'and no file keeps it any more')

  schema.edit(greeting, 'returns text', 'returns varchar')
  await migrate(url, { folder })
  t.equal(
    await valueOf(client, `select prorettype::regtype::text from pg_proc where proname = 'greeting'`),
    'character varying',
    'a result of another type is a new function',
  )
  schema.remove(greeting)
  await migrate(url, { folder })
  t.strictSame(await greetings(), [])
  t.strictSame((await migrate(url)).functions, [], 'everything is as this program has it')
})

t.test('a file may move, but a function has one file', async (t) => {
  const { url } = await openClone(t)
  const schema = copySchema(t)
  schema.write(
    greeting,
    `create or replace function greeting() returns text language sql as $$ select 'hola' $$;`,
  )
  await migrate(url, { folder: schema.folder })
  const moved = 'functions/a_greeting.sql'
  schema.write(
    moved,
    `create or replace function greeting() returns text language sql as $$ select 'hola' $$;`,
  )
  await t.rejects(migrate(url, { folder: schema.folder }), { message: /greeting\(\) is made by .* too/ })
  schema.remove(greeting)
  t.strictSame((await migrate(url, { folder: schema.folder })).functions, [moved, greeting])
})

t.test('objects that no file made are left alone, and missing ones are made again', async (t) => {
  const { url, client } = await openClone(t)
  await client.query(
    `create function mine() returns integer language sql as 'select 1'; drop view relayed_orders`,
  )
  t.strictSame((await migrate(url)).functions, [view])
  t.equal(await valueOf(client, 'select mine()'), 1)
  t.equal(await valueOf(client, 'select count(*)::int from relayed_orders'), 0)
})

t.test('triggers and views come and go with their files', async (t) => {
  const { url, client } = await openClone(t)
  const schema = copySchema(t)
  // This view has another view's name, and its folder comes before those of all functions.
  schema.write('functions/a_view.sql', 'create or replace view a_view as select greeting() as greeting;')
  schema.write(
    greeting,
    `create or replace function greeting() returns text language sql as $$ select 'hola' $$;
     create or replace function greet() returns trigger language plpgsql as $$ begin return new; end $$;
     create or replace trigger greets before insert on settings for each row execute function greet();`,
  )
  await migrate(url, { folder: schema.folder })
  t.equal(await valueOf(client, 'select greeting from a_view'), 'hola')
  schema.write(
    'functions/a_view.sql',
    'create or replace view a_view as select 1 as one, greeting() as greeting;',
  )
  await migrate(url, { folder: schema.folder })
  t.equal(await valueOf(client, 'select one from a_view'), 1, 'a view with other columns is a new view')
  t.strictSame((await migrate(url)).functions.toSorted(), ['functions/a_view.sql', greeting])
  t.equal(await valueOf(client, `select count(*)::int from pg_trigger where tgname = 'greets'`), 0)
  t.equal(await valueOf(client, `select to_regclass('a_view')`), null)
})

t.test('a body that refers to what is not there fails, and leaves everything as it was', async (t) => {
  const { url, client } = await openClone(t)
  const schema = copySchema(t)
  const { folder } = schema
  schema.write('migrations/9001_extra.sql', 'create table extra (id integer);')
  schema.write(
    greeting,
    `create or replace function greeting() returns text language sql as $$ select wrong from extra $$;`,
  )
  schema.edit(clearing, 'language sql', 'language sql /* edited */')
  await t.rejects(migrate(url, { folder }), {
    message: `${greeting}: greeting(): column "wrong" does not exist`,
  })
  t.equal(await valueOf(client, `select to_regclass('extra')`), null)
  t.equal(await valueOf(client, `select to_regproc('greeting')`), null)
  t.strictSame((await migrate(url)).functions, [], 'nothing was applied')

  schema.write(
    greeting,
    'create or replace function greeting() returns text language plpgsql as $$ begin retrun 1; end $$;',
  )
  await t.rejects(migrate(url, { folder }), {
    message: new RegExp(`^${greeting}: greeting\\(\\): syntax error`),
  })
  schema.write(greeting, '-- It has no language.\ncreate function greeting() returns text as $$ select $$;')
  await t.rejects(migrate(url, { folder }), { message: `${greeting}: no language specified` })
})

t.test('a migration cannot take a column away from a function that has not changed', async (t) => {
  const { url } = await openClone(t)
  const schema = copySchema(t)
  schema.write('migrations/9001_extra.sql', 'create table extra (id integer);')
  schema.write(
    greeting,
    'create or replace function greeting() returns integer language sql as $$ select id from extra $$;',
  )
  await migrate(url, { folder: schema.folder })
  schema.write('migrations/9002_less.sql', 'alter table extra rename column id to number;')
  await t.rejects(migrate(url, { folder: schema.folder }), {
    message: `${greeting}: greeting(): column "id" does not exist`,
  })
})
