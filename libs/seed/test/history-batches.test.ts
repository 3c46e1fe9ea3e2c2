import { sql } from 'kysely'
import t from 'tap'
import { seedHistory, seedLaterHistory } from '#src/index.ts'
import { column, openCampus } from './open-database.ts'

t.test(
  'the same number, seed and time make the same orders, however they are divided into batches',
  async (t) => {
    const [db, other, another] = [await openCampus(t), await openCampus(t), await openCampus(t)]
    const until = new Date().toISOString()
    await seedHistory(db, { orders: 300, until })
    await seedHistory(other, { orders: 300, until, batchSize: 70 })
    await seedHistory(another, { orders: 300, until, seed: 2 })
    const orders = (database: typeof db) =>
      column(
        database,
        sql`select md5(jsonb_agg(to_jsonb(o) - 'slot_id' || jsonb_build_object('items', (
        select jsonb_agg(to_jsonb(i) - 'modifiers' order by position) from order_items i where i.order_id = o.id)) order by id)::text)
        from orders o`,
      )
    const expected = await orders(db)
    t.same(await orders(other), expected)
    t.notSame(await orders(another), expected)
  },
)

t.test('of batches that are made at once, none is there when one before it has failed', async (t) => {
  const [db, whole] = [await openCampus(t), await openCampus(t)]
  const options = { orders: 400, until: new Date().toISOString(), batchSize: 100 }
  const ids = (database: typeof db) =>
    column<string>(database, sql`select id from orders order by created_at, id`)
  await seedHistory(whole, options)
  const expected = await ids(whole)

  // The second batch of four fails, while the third is made beside it.
  await sql`alter table orders add constraint unlucky check (id <> ${sql.lit(expected[150])})`.execute(db)
  const done: number[] = []
  const onProgress = (orders: number) => void done.push(orders)
  await t.rejects(seedHistory(db, { ...options, onProgress }), { message: /unlucky/ })
  t.same(done, [100])
  t.same(await column(db, sql`select count(*) from orders`), [100])
  t.same(await column(db, sql`select problem from check_balances()`), [])

  await sql`alter table orders drop constraint unlucky`.execute(db)
  t.same(await seedHistory(db, options), { orders: 300 })
  t.same(await ids(db), expected)
  t.same(await column(db, sql`select problem from check_balances()`), [])
})

t.test('what comes later is the same whatever came before it, and the books balance', async (t) => {
  const [small, large] = [await openCampus(t), await openCampus(t)]
  const [since, middle, until] = [60, 20, 0].map((days) =>
    new Date(Date.now() - days * 86_400_000).toISOString(),
  ) as [string, string, string]
  for (const [db, orders] of [
    [small, 60],
    [large, 240],
  ] as const) {
    await seedHistory(db, { orders, since, until: middle, live: 0 })
    await seedLaterHistory(db, { orders: 100, since: middle, until })
    t.same(await column(db, sql`select count(*) from orders`), [orders + 100])
    t.same(await column(db, sql`select problem from check_balances()`), [])
  }
  const later = (db: typeof small) =>
    column(
      db,
      sql`select id::text || total_cents from orders where created_at > ${middle} and pickup_at > ${middle} order by id desc limit 90`,
    )
  t.same(await later(large), await later(small))
})
