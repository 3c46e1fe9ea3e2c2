import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrate } from '@comanda/database'
import type pg from 'pg'
import t, { type Test } from 'tap'
import { dumpSchema } from '#src/dump/dump-schema.ts'
import { openClone, openEmpty } from './schema-copy.ts'

const folder = join(import.meta.dirname, '../releases')

/** A database as a release left it. */
async function openRelease(t: Test, file: string): Promise<{ url: string; client: pg.Client }> {
  const opened = await openEmpty(t)
  await opened.client.query(readFileSync(join(folder, file), 'utf8'))
  return opened
}

/** The dump without rows, which differ when there is data. */
const withoutRows = (dump: string) => dump.replaceAll(/^(INSERT|SELECT setval)[\s\S]*?;\n\n/gm, '')

for (const file of globSync('*.sql', { cwd: folder })) {
  t.test(`the schema of ${file} becomes that of an empty database`, async (t) => {
    const { client: fresh } = await openClone(t)
    const { url, client } = await openRelease(t, file)
    await migrate(url)
    t.equal(
      withoutRows(await dumpSchema(client, 'constants')),
      withoutRows(await dumpSchema(fresh, 'constants')),
    )
    for (const table of ['schema_migrations', 'schema_version', 'function_files']) {
      const rows = (from: pg.Client) =>
        from.query(`select (to_jsonb(t) - 'applied_at')::text as row from ${table} t order by row`)
      t.strictSame((await rows(client)).rows, (await rows(fresh)).rows, table)
    }
    t.strictSame((await migrate(url)).functions, [])
  })
}

/** Runs a query and returns its rows. */
/** What searches look into is made of the other columns, which are compared. */
const withoutSearchText = ({ search_text: _, ...row }: { search_text?: string }) => row
const read = async (client: pg.Client, text: string) => (await client.query<object>(text)).rows

t.test(
  'a database from before the baseline keeps its data, and its feed goes on without a gap',
  async (t) => {
    const { url, client } = await openRelease(t, 'before-baseline.sql')
    const queries = {
      orders: 'select * from orders order by id',
      lines: 'select * from order_items order by order_id, position',
      payments: 'select * from payments order by id',
      refunds: 'select * from refunds order by id',
      entries: 'select * from entries order by id',
      accounts: 'select * from accounts order by id',
      people:
        'select u.*, s.id as session, r.hash from users u left join sessions s on s.user_id = u.id left join refresh_tokens r on r.session_id = s.id order by u.id',
      audit: 'select * from audit_log order by id',
      products: 'select * from products order by id',
      slots: 'select * from pickup_slots order by id',
      versions: 'select * from catalogue_versions',
      keys: 'select * from idempotency_keys order by key',
      feed: 'select * from feed order by seq',
    }
    /** What rows of before have in columns that came later. */
    const later: Partial<Record<string, object>> = {
      orders: { pickup_kind: 'slot', naive_seconds: null },
      refunds: { items: null },
      people: { roles_version: 1, roles_changed_at: null },
      audit: { cafeteria_id: null },
    }
    /** Orders are numbered per cafeteria and day. */
    const numbers = new Map<string, number>()
    const numberOf = ({ cafeteria_id, pickup_date }: Record<string, unknown>) => {
      const day = String([cafeteria_id, pickup_date])
      numbers.set(day, (numbers.get(day) ?? 0) + 1)
      return { number: numbers.get(day) }
    }
    /** The kitchen begins so that they are ready when they are picked up. */
    const beginOf = ({ pickup_at, make_seconds }: Record<string, unknown>) => ({
      begin_at: new Date((pickup_at as Date).getTime() - Number(make_seconds) * 1000),
    })
    const before: Record<string, object[]> = {}
    for (const [name, text] of Object.entries(queries)) before[name] = await read(client, text)
    const events = await read(client, 'select id, order_id, version, type, at from order_events order by id')
    await migrate(url)

    for (const [name, text] of Object.entries(queries)) {
      t.ok((before[name]?.length ?? 0) > 0, `there are ${name}`)
      const expected = before[name]?.map((row) => ({
        ...row,
        ...later[name],
        ...(name === 'orders' && {
          ...numberOf(row as Record<string, unknown>),
          ...beginOf(row as Record<string, unknown>),
        }),
      }))
      t.strictSame((await read(client, text)).map(withoutSearchText), expected, name)
    }
    t.strictSame(
      await read(client, 'select search_text from products order by id'),
      [{ search_text: 'torta\n' }, { search_text: 'cafe\n' }],
      'products are found',
    )
    t.strictSame(await read(client, 'select id, order_id, version, type, at from events order by id'), events)
    t.strictSame(await read(client, 'select * from check_balances()'), [], 'the books balance')

    const [{ ana, placed } = {}] = (await read(
      client,
      `select user_id as ana, id as placed from orders where status = 'placed'`,
    )) as { ana: string; placed: string }[]
    await client.query(`select transition_order($1, array['placed'], 'accepted', $2, 'staff')`, [placed, ana])
    const feed = 'select seq::int, event_id::int from feed order by seq'
    let numbered: { seq: number }[] = []
    // An event is numbered once no older transaction of the server is under way, and other tests have some.
    while (numbered.length <= events.length) {
      await client.query('select sequence_events(1000)')
      numbered = (await read(client, feed)) as { seq: number }[]
    }
    t.equal(numbered.length, events.length + 1, 'all events and the new one')
    await client.query(`insert into event_positions (consumer, xid, event_id) values ('rollups', '0', 0)`)
    await client.query('select roll_up(1000)')
    t.strictSame(
      await read(
        client,
        'select status::text, sum(orders)::int as count from rollup_statuses group by 1 having sum(orders) > 0 order by 1',
      ),
      await read(client, 'select status::text, count(*)::int as count from orders group by 1 order by 1'),
      'and the rollups have everything that was there',
    )
    t.strictSame(
      numbered.map(({ seq }) => seq),
      numbered.map((_, index) => index + 1),
    )
    t.strictSame(
      numbered.slice(0, before['feed']?.length).map(({ seq }) => String(seq)),
      before['feed']?.map((row) => (row as { seq: string }).seq),
    )
  },
)

t.test('a database from before the baseline in another state is left as it was', async (t) => {
  const { url, client } = await openRelease(t, 'before-baseline.sql')
  await client.query(`delete from kysely_migration where name like '0022%'`)
  await t.rejects(migrate(url), { message: /not at its last state/ })
  t.ok((await read(client, 'select * from order_events')).length > 0)
})
