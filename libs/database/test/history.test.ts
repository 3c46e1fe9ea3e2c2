import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import t from 'tap'
import { openDatabase } from './open-database.ts'

/** The tables that are only appended to, each with a column to change. */
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
