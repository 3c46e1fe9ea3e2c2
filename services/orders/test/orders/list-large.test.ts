import type { Caller } from '@comanda/access'
import { mostNumberedRows } from '@comanda/service'
import { sql } from 'kysely'
import t from 'tap'
import { startTestApp } from '../app.ts'
import { addUser } from '../builders.ts'
import { addHistory } from '../history.ts'

const started = await startTestApp(t, { DATABASE_POOL_MAX: '1' }, undefined, { oneLogin: true })
const { as, call, database } = started
const db = database.primary
const cafeteriaId = await addHistory(started)
const { rows: cafeterias } = await sql<{ id: string }>`select id from cafeterias order by id`.execute(db)
const staff = await addUser(db, {
  memberships: Object.fromEntries(cafeterias.map(({ id }) => [id, 'staff' as const])),
})
const admin = await addUser(db, { isAdmin: true })
const { rows: customers } = await sql<{ id: string }>`
  select user_id as id from orders group by user_id order by count(*) desc limit 1`.execute(db)
const [customer] = customers as [{ id: string }]
const ofCustomer: Caller = { userId: customer.id, sessionId: customer.id, role: 'customer', memberships: {} }

/** Reads the ids of a list of the newest 60 orders, by cursor or by number. */
async function listed(who: Caller, query: string, way: 'cursor' | 'page'): Promise<string[]> {
  const ids: string[] = []
  let next = 'limit=20'
  for (let page = 1; page <= 3 && next !== ''; page += 1) {
    const at = way === 'page' ? `limit=20&page=${page}` : next
    const { status, body } = await call({ url: `/v1/orders?fields=id&${query}&${at}`, headers: as(who) })
    t.equal(status, 200)
    ids.push(...body.data.map(({ id }: { id: string }) => id))
    next = body.nextCursor ? `limit=20&cursor=${body.nextCursor}` : ''
    if (way === 'page') next = 'more'
  }
  return ids
}

async function newest(condition: ReturnType<typeof sql>): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from orders where ${condition} order by created_at desc, id desc limit 60`.execute(db)
  return rows.map(({ id }) => id)
}

/** Counts the entries of indexes of `orders` that `work` reads, and the rows that it reads by them. */
async function readBy(work: () => Promise<unknown>): Promise<{ entries: number; rows: number }> {
  const count = async () => {
    await sql`select pg_stat_force_next_flush()`.execute(db)
    const { rows } = await sql<{ entries: number; rows: number }>`
      select (select sum(idx_tup_read)::int from pg_stat_user_indexes where relname = 'orders') as entries,
        (select idx_tup_fetch::int from pg_stat_user_tables where relname = 'orders') as rows`.execute(db)
    return rows[0] as { entries: number; rows: number }
  }
  const before = await count()
  await work()
  const after = await count()
  return { entries: after.entries - before.entries, rows: after.rows - before.rows }
}

t.test('orders of several cafeterias and statuses come in one order, by cursor and by number', async (t) => {
  const all = cafeterias.map(({ id }) => id)
  const some = ['collected', 'cancelled', 'collected', 'rejected']
  const cases: [string, Caller, string, ReturnType<typeof sql>][] = [
    ['staff of all cafeterias', staff.caller, '', sql`cafeteria_id = any(${all}::uuid[])`],
    ['some statuses', staff.caller, `status=${some.join()}`, sql`status = any(${some}::text[])`],
    ['the commonest status', staff.caller, 'status=collected', sql`status = 'collected'`],
    [
      'the commonest status of one cafeteria',
      staff.caller,
      `status=collected&cafeteriaId=${cafeteriaId}`,
      sql`cafeteria_id = ${cafeteriaId} and status = 'collected'`,
    ],
    ['the commonest status of all orders', admin.caller, 'status=collected', sql`status = 'collected'`],
    ['a rarer status of all orders', admin.caller, 'status=cancelled', sql`status = 'cancelled'`],
    [
      'one cafeteria',
      staff.caller,
      `status=${some.join()}&cafeteriaId=${cafeteriaId}`,
      sql`cafeteria_id = ${cafeteriaId} and status = any(${some}::text[])`,
    ],
    ['an administrator', admin.caller, `status=${some.join()}`, sql`status = any(${some}::text[])`],
    [
      "a customer's collected orders",
      ofCustomer,
      'status=collected',
      sql`user_id = ${customer.id} and status = 'collected'`,
    ],
    [
      'a customer',
      ofCustomer,
      `status=${some.join()}`,
      sql`user_id = ${customer.id} and status = any(${some}::text[])`,
    ],
  ]
  for (const [name, who, query, condition] of cases) {
    const expected = await newest(condition)
    t.ok(expected.length > 20, `${name} have more than a page`)
    t.strictSame(await listed(who, query, 'cursor'), expected, `${name}, by cursor`)
    t.strictSame(await listed(who, query, 'page'), expected, `${name}, by number`)
  }
})

t.test(
  'a list by status reads little more than it shows, also when its plan is for all values',
  async (t) => {
    const rarer = 'rejected,cancelled,expired,uncollected'
    const cases: [string, Caller, string][] = [
      ['staff, one status', staff.caller, `status=cancelled&cafeteriaId=${cafeteriaId}`],
      ['staff, collected', staff.caller, `status=collected&cafeteriaId=${cafeteriaId}`],
      ['staff, all closed', staff.caller, `status=collected,${rarer}&cafeteriaId=${cafeteriaId}`],
      ['staff of all cafeterias', staff.caller, `status=collected,${rarer}`],
      ['an administrator, one status', admin.caller, 'status=uncollected'],
      ['an administrator, all closed', admin.caller, `status=collected,${rarer}`],
      ['a customer, one status', ofCustomer, 'status=cancelled'],
      ['a customer, all closed', ofCustomer, `status=collected,${rarer}`],
    ]
    for (const [name, who, query] of cases) {
      const read = () => call({ url: `/v1/orders?limit=5&fields=id&${query}`, headers: as(who) })
      for (let time = 1; time <= 6; time += 1) await read()
      const { entries } = await readBy(read)
      t.ok(entries < 200, `${name}: ${entries} entries were read`)
    }
  },
)

t.test('a page of several statuses reads no more than a page of each', async (t) => {
  // The older half has the statuses that are listed, so that reading all orders by age or all that match takes thousands.
  await sql`
    update orders set status = case when orders.id < middle.id then 'rejected' else 'collected' end
    from (select percentile_disc(0.5) within group (order by id) as id from orders) middle
    where status in ('collected', 'rejected', 'expired')`.execute(db)
  await sql`analyze orders`.execute(db)
  const url = `/v1/orders?limit=20&fields=id&status=rejected,expired&cafeteriaId=${cafeteriaId}`
  const read = await readBy(async () => {
    t.match(await call({ url, headers: as(staff.caller) }), { status: 200, body: { data: { length: 20 } } })
  })
  t.ok(read.entries < 300, `${read.entries} entries were read`)
})

t.test('where nothing is ever collected, the list of what was reads no rows', async (t) => {
  await sql`update orders set status = 'uncollected' where cafeteria_id = ${cafeteriaId} and status = 'collected'`.execute(
    db,
  )
  await sql`vacuum analyze orders`.execute(db)
  const url = `/v1/orders?status=collected&cafeteriaId=${cafeteriaId}`
  const { rows } = await readBy(async () => {
    t.match(await call({ url, headers: as(staff.caller) }), { status: 200, body: { data: [] } })
  })
  t.ok(rows < 100, `${rows} rows were read`)
})

t.test('numbered pages end where counting ends', async (t) => {
  const headers = as(admin.caller)
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from orders`.execute(db)
  const exact = await call({ url: '/v1/orders?page=1&fields=id', headers })
  t.match(exact.body.pagination, { total: rows[0]?.n, totalIsExact: true })

  await sql`
    insert into orders select (jsonb_populate_record(o, jsonb_build_object('id', uuidv7(), 'pickup_date', o.pickup_date - 1000))).*
    from orders o limit ${mostNumberedRows}`.execute(db)
  const more = await call({ url: '/v1/orders?page=500&fields=id', headers })
  t.match(more.body, {
    data: { length: 20 },
    pagination: { total: mostNumberedRows, totalIsExact: false, totalPages: 500 },
  })
  const beyond = await call({ url: '/v1/orders?page=501&fields=id', headers })
  t.match(beyond, {
    status: 400,
    body: { code: 'validation_failed', errors: [{ field: 'page' }] },
  })
  const read = await readBy(() => call({ url: '/v1/orders?page=1&fields=id', headers }))
  t.ok(read.entries <= mostNumberedRows + 100, `${read.entries} entries were read`)
})
