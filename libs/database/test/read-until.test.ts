import { setTimeout as sleep } from 'node:timers/promises'
import { createDatabase } from '@comanda/database'
import { cloneTestDatabase } from '@comanda/local-stack/testing'
import { sql } from 'kysely'
import t from 'tap'
import { testOptions } from './open-database.ts'

t.test(
  'a read that nobody waits for any more ends, on the server too, and takes no server for lost',
  async (t) => {
    const clone = await cloneTestDatabase()
    const database = createDatabase(
      testOptions(clone.url, {
        replicas: [{ purpose: 'reports', url: clone.replicaUrl, statementMilliseconds: 3_600_000 }],
      }),
    )
    t.teardown(async () => {
      await database.close()
      await clone.drop()
    })
    const isSleeping = () =>
      database.read('reports', async (db) => {
        const { rows } =
          await sql`select from pg_stat_activity where datname = current_database() and state = 'active'
        and query like 'select pg_sleep%'`.execute(db)
        return rows.length > 0
      })
    const until = async (expected: boolean) => {
      while ((await isSleeping()) !== expected) await sleep(20)
    }

    const leaving = new AbortController()
    const left = new Error('left')
    const { signal } = leaving
    const read = database.read('reports', (db) => sql`select pg_sleep(3000)`.execute(db), { signal })
    await until(true)
    leaving.abort(left)
    await t.rejects(read, left, 'the caller gets the reason')
    await until(false)
    t.ok(database.nodes.every(({ reachable }) => reachable))

    await t.rejects(
      database.read('reports', () => t.fail('it is not begun') as never, { signal }),
      left,
      'a read for somebody who has left already is not begun',
    )
    const { signal: staying } = new AbortController()
    const answer = await database.read('reports', (db) => sql`select 1 as one`.execute(db), {
      signal: staying,
    })
    t.same(answer.rows, [{ one: 1 }])
  },
)
