import { migrate, type Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import t from 'tap'
import { openDatabase } from './open-database.ts'

t.test('a migrated database is up to date, and migrating it again changes nothing', async (t) => {
  const { database } = await openDatabase(t)
  t.strictSame(await migrate(database.primary as unknown as Kysely<never>), {
    migrations: [],
    functions: [],
  })
})

t.test('an empty database becomes the newest schema, two processes at once included', async (t) => {
  const { database } = await openDatabase(t)
  await sql`drop schema public cascade`.execute(database.primary)
  await sql`create schema public`.execute(database.primary)
  const db = database.primary as unknown as Kysely<never>
  const [first, second] = await Promise.all([migrate(db), migrate(db)])
  t.ok(first.migrations.length > 0 !== second.migrations.length > 0, 'one of them did it all')
  t.match(await database.primary.selectFrom('accounts').select('kind').execute(), [{ kind: 'clearing' }])
})

/** Each with a column to change. */
const appendOnly = { auditLog: 'at', events: 'at', entries: 'createdAt' } as const

t.test('history is only ever appended to', async (t) => {
  const { database } = await openDatabase(t)
  const db: Kysely<Schema> = database.primary
  for (const table of Object.keys(appendOnly) as (keyof typeof appendOnly)[]) {
    await t.rejects(db.deleteFrom(table).execute(), { code: '23001' }, `delete from ${table}`)
    await t.rejects(
      db
        .updateTable(table)
        .set({ [appendOnly[table]]: sql`now()` } as never)
        .execute(),
      { code: '23001' },
      `update ${table}`,
    )
  }
})
