import { sql } from 'kysely'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { addCafeteria, addUser } from '../builders.ts'

const started = await startTestApp(t, { DATABASE_POOL_MAX: '1' }, undefined, { oneLogin: true })
const { as, call, database } = started
const db = database.primary
const cafeterias = [
  await addCafeteria(db, { slotDays: null }),
  await addCafeteria(db, { slotDays: null }),
  await addCafeteria(db, { slotDays: null }),
]
const [own, also] = cafeterias.map(({ id }) => id)
const manager = await addUser(db, {
  memberships: { [own as string]: 'manager', [also as string]: 'manager' },
})
const admin = await addUser(db, { isAdmin: true })

// An entry each minute, of the three cafeterias in turn. The oldest 200 are of another action and type than the rest.
const entries = 20_000
await sql`
  insert into audit_log (actor_id, action, subject_type, subject_id, cafeteria_id, at)
  select ${admin.id}, type || '.update', type, n::text, (${cafeterias.map(({ id }) => id)}::uuid[])[1 + n % 3],
    date_trunc('minute', now()) - (${entries} - n) * interval '1 minute'
  from generate_series(1, ${entries}::int) n, lateral (select case when n <= 200 then 'category' else 'product' end as type)
  order by n + 0`.execute(db)
await sql`vacuum analyze audit_log`.execute(db)

/** Counts the rows and entries of indexes of the audit log that `work` reads. */
async function rowsRead(work: () => Promise<unknown>): Promise<number> {
  const count = async () => {
    await sql`select pg_stat_force_next_flush()`.execute(db)
    const { rows } = await sql<{ read: number }>`
      select (seq_tup_read + (select sum(idx_tup_read) from pg_stat_user_indexes where relname = 'audit_log'))::int as read
      from pg_stat_user_tables where relname = 'audit_log'`.execute(db)
    return rows[0]?.read ?? 0
  }
  const before = await count()
  await work()
  return (await count()) - before
}

async function idsWhere(condition: ReturnType<typeof sql>): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from audit_log where ${condition} order by id desc limit 60`.execute(db)
  return rows.map(({ id }) => id)
}

/** Reads the ids of the newest 60 entries of a list, by cursor or by number. */
async function listed(who: typeof admin, query: string, way: 'cursor' | 'page'): Promise<number[]> {
  const ids: number[] = []
  let next = 'limit=20'
  for (let page = 1; page <= 3 && next !== ''; page += 1) {
    const at = way === 'page' ? `limit=20&page=${page}` : next
    const url = `/v1/audit-log?fields=id&${query}&${at}`
    const { status, body } = await call({ url, headers: as(who.caller) })
    t.equal(status, 200, url)
    ids.push(...body.data.map(({ id }: { id: number }) => id))
    next = body.nextCursor ? `limit=20&cursor=${body.nextCursor}` : ''
    if (way === 'page') next = 'more'
  }
  return ids
}

const day = 24 * 60
const minutesAgo = (minutes: number) =>
  new Date(Math.floor(Date.now() / 60_000 - minutes) * 60_000).toISOString()
const [from, until] = [minutesAgo(11 * day), minutesAgo(10 * day)]
const theirs = sql`cafeteria_id = any(${[own, also]}::uuid[])`
const between = sql`at >= ${from} and at < ${until}`
const cases: [who: typeof admin, query: string, condition: ReturnType<typeof sql>][] = [
  [admin, '', sql`true`],
  [admin, 'action=category.update', sql`action = 'category.update'`],
  [admin, 'subjectType=category', sql`subject_type = 'category'`],
  [admin, `from=${from}&until=${until}`, between],
  [admin, `until=${until}`, sql`at < ${until}`],
  [admin, `actorId=${admin.id}&from=${from}&until=${until}`, between],
  [admin, `cafeteriaId=${also}&from=${from}&until=${until}`, sql`cafeteria_id = ${also} and ${between}`],
  [manager, '', theirs],
  [manager, `cafeteriaId=${own}`, sql`cafeteria_id = ${own}`],
  [manager, `from=${from}&until=${until}`, sql`${theirs} and ${between}`],
  [manager, `until=${until}`, sql`${theirs} and at < ${until}`],
]

t.test('a list shows what matches, newest first, by cursor and by number', async (t) => {
  for (const [who, query, condition] of cases) {
    const expected = await idsWhere(condition)
    t.equal(expected.length, 60, query)
    for (const way of ['cursor', 'page'] as const)
      t.strictSame(
        await listed(who, query, way),
        expected,
        `${who === admin ? 'all' : 'theirs'}: ${query}, by ${way}`,
      )
  }
})

t.test('a page costs the same however long the log is, and however old its entries are', async (t) => {
  for (const [who, query] of cases) {
    const url = `/v1/audit-log?limit=20&${query}`
    // A day has 1440 entries, which Postgres may also read by their moments and sort; all of the log has 20,000.
    // A prepared statement is planned for its values five times; from then on one plan may serve all values.
    for (let time = 0; time < 6; time += 1) {
      const read = await rowsRead(() => call({ url, headers: as(who.caller) }))
      t.ok(
        read > 0 && read < 2000,
        `${read} rows were read for ${who === admin ? 'all' : 'theirs'}: ${query}`,
      )
    }
  }
})

t.test(
  'an entry of a transaction that took half an hour is found at its moment, and hides no other',
  async (t) => {
    const { rows } = await sql<{ id: number }>`
    insert into audit_log (action, subject_type, subject_id, at) values ('slow.update', 'slow', '1', ${minutesAgo(30)})
    returning id`.execute(db)
    const slow = rows[0]?.id as number
    const moment = minutesAgo(29)
    const before = await listed(admin, `until=${moment}`, 'cursor')
    t.equal(before[0], slow, 'the newest id')
    t.strictSame(before, await idsWhere(sql`at < ${moment}`))
    const after = await listed(admin, `from=${moment}`, 'cursor')
    t.ok(after.length > 20)
    t.strictSame(after, await idsWhere(sql`at >= ${moment}`))
  },
)
