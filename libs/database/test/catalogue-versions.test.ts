import { type RawBuilder, sql } from 'kysely'
import t from 'tap'
import { openDatabase } from './open-database.ts'

const { database } = await openDatabase(t)
const db = database.primary

const idOf = async (insert: RawBuilder<{ id: string }>) => (await insert.execute(db)).rows[0]?.id as string
const cafeteriaId = await idOf(sql`insert into cafeterias (slug, name, time_zone, currency)
  values ('here', 'Here', 'America/Mexico_City', 'MXN') returning id`)
const categoryId = await idOf(
  sql`insert into categories (cafeteria_id, name) values (${cafeteriaId}, 'Mains') returning id`,
)
const groupId = await idOf(
  sql`insert into modifier_groups (cafeteria_id, name) values (${cafeteriaId}, 'Milk') returning id`,
)
const addProduct = (stock: number | null) =>
  idOf(sql`insert into products (cafeteria_id, category_id, name, price_cents, make_seconds, stock_quantity)
    values (${cafeteriaId}, ${categoryId}, 'Soup', 100, 1, ${stock}::integer) returning id`)
const productId = await addProduct(3)
const addSlot = (startsAt: string) =>
  idOf(sql`insert into pickup_slots (cafeteria_id, starts_at, ends_at, capacity_orders)
    values (${cafeteriaId}, ${startsAt}, ${startsAt}::timestamptz + interval '15 minutes', 10) returning id`)
const slotId = await addSlot('2090-01-01T12:00Z')

const versionOf = async (id = cafeteriaId) => {
  const versions = db.selectFrom('catalogueVersions').select('version').where('cafeteriaId', '=', id)
  return (await versions.executeTakeFirst())?.version
}
/** By how much something raised the version. */
async function raise(work: () => Promise<unknown>): Promise<number> {
  const before = (await versionOf()) as number
  await work()
  return ((await versionOf()) as number) - before
}

const edits: Record<string, RawBuilder<unknown>[]> = {
  cafeterias: [sql`update cafeterias set paused_at = now() where id = ${cafeteriaId}`],
  opening_hours: [
    sql`insert into opening_hours (cafeteria_id, kind, weekday, opens, closes)
      select ${cafeteriaId}, 'opening', n, '08:00', '16:00' from generate_series(1, 7) n`,
    sql`update opening_hours set closes = '17:00' where cafeteria_id = ${cafeteriaId}`,
    sql`delete from opening_hours where cafeteria_id = ${cafeteriaId}`,
  ],
  schedule_exceptions: [
    sql`insert into schedule_exceptions (cafeteria_id, date) values (${cafeteriaId}, '2090-01-01')`,
    sql`update schedule_exceptions set reason = 'Holiday' where cafeteria_id = ${cafeteriaId}`,
    sql`delete from schedule_exceptions where cafeteria_id = ${cafeteriaId}`,
  ],
  mealtimes: [
    sql`insert into mealtimes (cafeteria_id, name, starts, ends) values (${cafeteriaId}, 'Lunch', '12:00', '15:00')`,
    sql`update mealtimes set ends = '16:00' where cafeteria_id = ${cafeteriaId}`,
    sql`delete from mealtimes where cafeteria_id = ${cafeteriaId}`,
  ],
  categories: [
    sql`insert into categories (cafeteria_id, name) values (${cafeteriaId}, 'Drinks')`,
    sql`update categories set position = 2 where name = 'Drinks'`,
    sql`delete from categories where name = 'Drinks'`,
  ],
  modifier_groups: [
    sql`insert into modifier_groups (cafeteria_id, name) values (${cafeteriaId}, 'Size')`,
    sql`update modifier_groups set max_select = 2 where name = 'Size'`,
    sql`delete from modifier_groups where name = 'Size'`,
  ],
  product_modifier_groups: [
    sql`insert into product_modifier_groups (product_id, group_id) values (${productId}, ${groupId})`,
    sql`update product_modifier_groups set position = 1`,
    sql`delete from product_modifier_groups`,
  ],
  modifiers: [
    sql`insert into modifiers (group_id, name) values (${groupId}, 'Oat'), (${groupId}, 'Soy')`,
    sql`update modifiers set available = false`,
    sql`delete from modifiers`,
  ],
  products: [
    sql`update products set price_cents = 200 where id = ${productId}`,
    sql`update products set stock_quantity = 5, updated_at = now() where id = ${productId}`,
    sql`update products set deleted_at = now() where id = ${productId}`,
    sql`update products set deleted_at = null where id = ${productId}`,
  ],
  pickup_slots: [
    sql`insert into pickup_slots (cafeteria_id, starts_at, ends_at, capacity_orders)
      values (${cafeteriaId}, '2090-01-02T12:00Z', '2090-01-02T12:15Z', 10)`,
    sql`update pickup_slots set closed = true where starts_at = '2090-01-02T12:00Z'`,
    sql`delete from pickup_slots where starts_at = '2090-01-02T12:00Z'`,
  ],
}

t.test('every edit raises the version of its cafeteria by one, however many rows it touches', async (t) => {
  const elsewhere = await idOf(sql`insert into cafeterias (slug, name, time_zone, currency)
    values ('elsewhere', 'Elsewhere', 'UTC', 'MXN') returning id`)
  t.equal(await versionOf(elsewhere), 1, 'a cafeteria begins with one')
  for (const [table, statements] of Object.entries(edits))
    for (const statement of statements) {
      const raised = await raise(() => statement.execute(db))
      t.equal(raised, 1, `${table}: ${statement.compile(db).sql.trim().split(/\s/)[0]}`)
    }
  const inOne = () =>
    db.transaction().execute(async (tx) => {
      for (const statements of Object.values(edits))
        for (const statement of statements) await statement.execute(tx)
    })
  t.equal(await raise(inOne), 1, 'a transaction raises it once')
  t.equal(
    await raise(() =>
      inOne()
        .then(() => db.transaction().execute(revert))
        .catch(() => {}),
    ),
    1,
  )
  t.equal(await versionOf(elsewhere), 1, 'another cafeteria keeps its own')

  async function revert(tx: typeof db): Promise<void> {
    await sql`update cafeterias set name = 'Nowhere'`.execute(tx)
    throw new Error('what is rolled back raises nothing')
  }
})

t.test('what a transaction changed is known before it commits', async (t) => {
  const raised = await db.transaction().execute(async (tx) => {
    await sql`update products set position = position + 1 where id = ${productId}`.execute(tx)
    return (await sql`select * from raised_catalogue_versions()`.execute(tx)).rows
  })
  t.strictSame(raised, [{ cafeteriaId, version: await versionOf() }])
  t.strictSame((await sql`select * from raised_catalogue_versions()`.execute(db)).rows, [])
})

t.test('every column is watched but those that orders write', async (t) => {
  const { rows } = await sql<{ column: string }>`
    select c.relname || '.' || a.attname as column
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relname = any (${Object.keys(edits)})
      and not exists (
        select from pg_trigger g join pg_proc p on p.oid = g.tgfoid
        where g.tgrelid = c.oid and p.proname = 'raise_catalogue_version' and g.tgqual is null
          and (cardinality(g.tgattr::smallint[]) = 0 or a.attnum = any (g.tgattr::smallint[])))
    order by 1`.execute(db)
  t.strictSame(
    rows.map(({ column }) => column),
    ['pickup_slots.reserved_make_seconds', 'pickup_slots.reserved_orders', 'products.stock_quantity'],
  )
})

const take = (id: string) => sql`update products set stock_quantity = stock_quantity - 1 where id = ${id}`

t.test('what orders use up raises nothing, waits for nobody, and reports a quantity', async (t) => {
  await db.transaction().execute(async (tx) => {
    await sql`update catalogue_versions set version = version where cafeteria_id = ${cafeteriaId}`.execute(tx)
    const use = () =>
      db.transaction().execute(async (tx) => {
        await sql`update pickup_slots set reserved_orders = reserved_orders + 1 where id = ${slotId}`.execute(
          tx,
        )
        t.strictSame((await sql`select stock_change() as change`.execute(tx)).rows, [{ change: null }])
        await take(productId).execute(tx)
        t.strictSame((await sql`select stock_change() as change`.execute(tx)).rows, [{ change: 'quantity' }])
      })
    t.equal(await raise(use), 0)
  })
})

t.test(
  'the last one that is sold raises it, and is reported in the same transaction; so when it is back',
  async (t) => {
    const last = await addProduct(1)
    for (const stock of [0, 1]) {
      const sell = () =>
        db.transaction().execute(async (tx) => {
          await sql`update products set stock_quantity = ${stock}::integer where id = ${last}`.execute(tx)
          t.strictSame((await sql`select stock_change() as change`.execute(tx)).rows, [
            { change: 'availability' },
          ])
        })
      t.equal(await raise(sell), 1)
    }
    t.strictSame((await sql`select stock_change() as change`.execute(db)).rows, [{ change: null }])
  },
)

t.test(
  'orders that sell out different products of a cafeteria wait for each other only to commit',
  async (t) => {
    const [one, two] = [await addProduct(1), await addProduct(1)]
    const [first, second] = [await db.startTransaction().execute(), await db.startTransaction().execute()]
    await take(one).execute(first)
    await take(two).execute(second)
    const both = sql`update products set stock_quantity = 0 where id = ${two}`.execute(first)
    await second.commit().execute()
    await both
    await first.commit().execute()
    const soldOut = db.selectFrom('products').select('id').where('stockQuantity', '=', 0)
    t.equal((await soldOut.where('id', 'in', [one, two]).execute()).length, 2)
  },
)
