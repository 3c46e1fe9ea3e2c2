import { sql } from 'kysely'
import t from 'tap'
import { seedHistory } from '#src/index.ts'
import { column, openCampus } from './open-database.ts'

/** Leaves an index out as a run does that is killed before it makes the index anew. */
async function leaveOut(db: Awaited<ReturnType<typeof openCampus>>, index: string): Promise<void> {
  await sql`create table seed_dropped_indexes (name text primary key, definition text not null)`.execute(db)
  await sql`insert into seed_dropped_indexes values (${index}, pg_get_indexdef(${index}::regclass))`.execute(
    db,
  )
  await sql`drop index ${sql.id(index)}`.execute(db)
}

t.test(
  'many orders are added without the indexes that only serve reading, which are there again afterwards',
  async (t) => {
    const [db, other] = [await openCampus(t), await openCampus(t)]
    const indexes = (database: typeof db) =>
      column<string>(database, sql`select indexdef from pg_indexes where schemaname = 'public' order by 1`)
    const oid = async (index: string) =>
      (await column<number>(db, sql`select ${index}::regclass::oid::integer`))[0]
    const before = await indexes(db)
    const [reading, unique] = [await oid('orders_user'), await oid('orders_pkey')]
    const until = new Date().toISOString()
    await seedHistory(db, { orders: 200, until, manyOrders: 200 })
    t.not(await oid('orders_user'), reading, 'it was made anew')
    t.equal(await oid('orders_pkey'), unique, 'what keeps rows apart never goes')
    t.same(await indexes(db), before)
    await seedHistory(other, { orders: 200, until })
    const orders = (database: typeof db) => column(database, sql`select id from orders order by id`)
    t.same(await orders(db), await orders(other))

    t.test('also when the run fails, or was killed in between', async (t) => {
      await t.rejects(
        seedHistory(db, {
          orders: 500,
          manyOrders: 100,
          onProgress: () => {
            throw new Error('enough')
          },
        }),
        { message: 'enough' },
      )
      t.same(await indexes(db), before)
      await leaveOut(db, 'orders_user')
      t.same(await seedHistory(db, { orders: 500 }), { orders: 0 })
      t.same(await indexes(db), before)
      await leaveOut(db, 'orders_user')
      t.same(await seedHistory(db, { orders: 600 }), { orders: 100 })
      t.same(await indexes(db), before)
      t.same(await column(db, sql`select problem from check_balances()`), [])
    })

    t.test('which are made once, also when a run that was killed is resumed', async (t) => {
      await sql`create sequence indexed_rows`.execute(db)
      // Only an immutable function may be indexed. `analyze` calls it as well, which is not counted.
      await sql`create function counted(id uuid) returns bigint language sql immutable as $$
        select case when current_query() ilike 'create index%' then nextval('public.indexed_rows') end $$`.execute(
        db,
      )
      await sql`create index orders_counted on orders (counted(id))`.execute(db)
      await sql`select setval('indexed_rows', 1, false)`.execute(db)
      const withCounted = await indexes(db)
      await leaveOut(db, 'orders_counted')
      t.same(await seedHistory(db, { orders: 700, manyOrders: 100 }), { orders: 100 })
      t.same(await indexes(db), withCounted)
      t.same(await column(db, sql`select last_value from indexed_rows`), [700])
    })
  },
)
