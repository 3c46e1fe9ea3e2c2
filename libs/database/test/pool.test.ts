import { isUnavailable } from '@comanda/database'
import { sql } from 'kysely'
import t from 'tap'
import { openDatabase } from './open-database.ts'

t.test(
  'timestamps, dates, long integers, numerics and JSON come back as their schema types say',
  async (t) => {
    const { database } = await openDatabase(t)
    const { rows } =
      await sql`select timestamptz '2026-11-22 12:45:35.123456-06' as at_instant, date '2026-11-22' as on_date,
    9007199254740991::int8 as big, 12.5::numeric as price, '{"snake_case": [{"inner_key": 1}]}'::jsonb as document`.execute(
        database.primary,
      )
    t.strictSame(rows, [
      {
        atInstant: '2026-11-22T18:45:35.123456+00:00',
        onDate: '2026-11-22',
        big: 9007199254740991,
        price: 12.5,
        document: { snakeCase: [{ innerKey: 1 }] },
      },
    ])
  },
)

t.test('a statement with parameters is prepared once per connection', async (t) => {
  const { database } = await openDatabase(t, { max: 1 })
  for (const number of [1, 2, 3]) await sql`select ${number}::int as prepared_twice`.execute(database.primary)
  const { rows } = await sql<{
    uses: number
  }>`select generic_plans + custom_plans as uses from pg_prepared_statements
    where statement like '%prepared_twice%'`.execute(database.primary)
  t.strictSame(rows, [{ uses: 3 }])
})

t.test('every statement is reported with its kind, its time and whether it failed', async (t) => {
  const { database, statements } = await openDatabase(t)
  await database.primary.selectFrom('users').selectAll().execute()
  await t.rejects(sql`select 1 / ${0}::int`.execute(database.primary), { code: '22012' })
  await database.primary.transaction().execute((tx) => tx.deleteFrom('users').execute())
  t.match(
    statements.map(({ queryType, table, failed }) => [queryType, table, failed]),
    [
      ['select', 'users', false],
      ['select', 'none', true],
      ['begin', 'none', false],
      ['delete', 'users', false],
      ['commit', 'none', false],
    ],
  )
  t.ok(statements.every(({ seconds }) => seconds > 0))
})

t.test('a statement that takes too long is stopped by the server, and the connection lives on', async (t) => {
  // The wait is what is tested.
  const { database } = await openDatabase(t, { max: 1, statementMilliseconds: 2000 })
  const error = await sql`select pg_sleep(600)`.execute(database.primary).catch((reason: unknown) => reason)
  t.match(error, { code: '57014' })
  t.notOk(isUnavailable(error), 'the statement failed, not the server')
  t.match(await sql`select 1 as one`.execute(database.primary), { rows: [{ one: 1 }] })
})

t.test(
  'a server that does not answer, or does not exist, is database_unavailable with a time to retry',
  async (t) => {
    const { database } = await openDatabase(t, { url: 'postgres://nobody@127.0.0.1:1/none' })
    const error = await sql`select 1`.execute(database.primary).catch((reason: unknown) => reason)
    t.match(error, { code: 'database_unavailable', status: 503, retryAfterSeconds: 2 })
  },
)

t.test('a pool that is full for too long is database_unavailable', async (t) => {
  // The wait is what is tested; it is long enough for the first connection.
  const { database } = await openDatabase(t, { max: 1, connectMilliseconds: 5000 })
  await database.primary
    .connection()
    .execute(() => t.rejects(sql`select 1`.execute(database.primary), { code: 'database_unavailable' }))
})
