import { verifyPassword } from '@comanda/access'
import { sql } from 'kysely'
import t from 'tap'
import { cafeteriaIds, demoAccounts, demoBalanceCents, seedCampus } from '#src/index.ts'
import { checksums, column, openDatabase } from './open-database.ts'

const options = { demoAccounts: true, password: 'comanda-demo' }

t.test('a seeded campus', async (t) => {
  const { db } = await openDatabase(t)
  t.same(await seedCampus(db, options), { cafeterias: 3 })

  t.test(
    'has three cafeterias in Mexico City, and the first in every order of lists never closes',
    async (t) => {
      const cafeterias = await db.selectFrom('cafeterias').selectAll().orderBy('createdAt').execute()
      t.same(
        cafeterias.map(({ id }) => id),
        cafeteriaIds,
      )
      t.same(
        cafeterias.map(({ name }) => name),
        cafeterias.map(({ name }) => name).toSorted(),
      )
      t.ok(
        cafeterias.every(
          ({ timeZone, currency }) => timeZone === 'America/Mexico_City' && currency === 'MXN',
        ),
      )
      const closed = await column(
        db,
        sql`select at from generate_series(now(), now() + interval '7 days', interval '7 minutes') at, unnest(array['opening', 'ordering']) kind
        where not is_open(${cafeteriaIds[0]}, 'America/Mexico_City', kind, at)`,
      )
      t.same(closed, [])
    },
  )

  t.test('has different hours, and orders are taken before the doors open', async (t) => {
    const early = await column(
      db,
      sql`select distinct o.cafeteria_id from opening_hours o join opening_hours d using (cafeteria_id, weekday)
        where o.kind = 'ordering' and d.kind = 'opening' and o.opens < d.opens order by 1`,
    )
    t.same(early, cafeteriaIds.slice(1))
    t.equal((await db.selectFrom('scheduleExceptions').selectAll().execute()).length, 1)
  })

  t.test('has a menu of 60 products or more in 8 categories, where everything can be ordered', async (t) => {
    const products = await db.selectFrom('products').selectAll().execute()
    t.ok(products.length >= 60, `${products.length} products`)
    t.equal(new Set(products.map(({ name }) => name)).size, products.length)
    t.equal((await db.selectFrom('categories').selectAll().execute()).length, 8)
    t.ok(products.every(({ priceCents, makeSeconds }) => priceCents >= 1000 && makeSeconds >= 10))
    t.ok(products.some(({ stockQuantity }) => stockQuantity !== null))
    t.ok(products.some(({ mealtimeId }) => mealtimeId !== null))
    t.ok(products.some(({ allergens }) => allergens.includes('nuts')))
    t.ok(products.some(({ dietaryTags }) => dietaryTags.includes('vegan')))
    const impossible = await column(
      db,
      sql`select g.name from modifier_groups g where g.min_select > (select count(*) from modifiers m where m.group_id = g.id)`,
    )
    t.same(impossible, [])
  })

  t.test(
    'asks for no choice in the cafeteria that never closes, and its first products are not limited',
    async (t) => {
      const demanding = await column(
        db,
        sql`select name from modifier_groups where cafeteria_id = ${cafeteriaIds[0]} and min_select > 0`,
      )
      t.same(demanding, [])
      const first = await db
        .selectFrom('products')
        .select(['stockQuantity', 'mealtimeId'])
        .orderBy('id')
        .limit(10)
        .execute()
      t.ok(first.every(({ stockQuantity, mealtimeId }) => stockQuantity === null && mealtimeId === null))
    },
  )

  t.test('has slots for the coming week everywhere', async (t) => {
    const days = await column<number>(
      db,
      sql`select count(distinct (starts_at at time zone 'America/Mexico_City')::date) from pickup_slots
        where not closed group by cafeteria_id order by cafeteria_id`,
    )
    t.equal(days.length, 3)
    t.ok(
      days.every((count) => count >= 5),
      String(days),
    )
  })

  t.test('lets everybody in with the password, each with their role', async (t) => {
    const users = await db.selectFrom('users').selectAll().orderBy('id').execute()
    t.same(
      users.map(({ email }) => email),
      demoAccounts.map(({ email }) => email),
    )
    t.ok(await verifyPassword('comanda-demo', users[0]?.passwordHash ?? null))
    t.same(
      users.map(({ isAdmin }) => isAdmin),
      [false, false, false, true],
    )
    const memberships = await db.selectFrom('memberships').selectAll().execute()
    for (const role of ['staff', 'manager'] as const) {
      const user = users.find(({ email }) => email === `${role}@comanda.test`)
      const places = memberships.filter(
        (membership) => membership.role === role && membership.userId === user?.id,
      )
      t.same(places.map(({ cafeteriaId }) => cafeteriaId).toSorted(), cafeteriaIds)
    }
  })

  t.test('has 500 pesos in the wallet of the customer, and the books balance', async (t) => {
    const wallet = await db.selectFrom('accounts').selectAll().where('kind', '=', 'wallet').execute()
    t.match(wallet, [{ balanceCents: demoBalanceCents, currency: 'MXN' }])
    t.equal(demoBalanceCents, 50_000)
    t.same(await column(db, sql`select * from check_balances()`), [])
  })

  t.test('is left alone by a second run', async (t) => {
    await db.updateTable('products').set({ priceCents: 12_345 }).where('name', '=', 'Espresso').execute()
    await db
      .deleteFrom('openingHours')
      .where('cafeteriaId', '=', cafeteriaIds[1] as string)
      .execute()
    await sql`select refresh_slots(id) from cafeterias`.execute(db)
    const before = await checksums(db)
    t.same(await seedCampus(db, options), { cafeterias: 0 })
    t.same(await checksums(db), before)
  })

  t.test('changes the password of the demo accounts when another one is asked for', async (t) => {
    await seedCampus(db, { ...options, password: 'otra-clave' })
    const users = await db.selectFrom('users').selectAll().execute()
    for (const { passwordHash } of users) t.ok(await verifyPassword('otra-clave', passwordHash))
  })
})

t.test('two seeds at once make one campus', async (t) => {
  const { db } = await openDatabase(t)
  const results = await Promise.all([seedCampus(db, options), seedCampus(db, options)])
  t.same(
    results.map(({ cafeterias }) => cafeterias).toSorted((a, b) => a - b),
    [0, 3],
  )
})

t.test('production gets a campus but no demo accounts', async (t) => {
  const { db } = await openDatabase(t)
  await t.rejects(seedCampus(db, { ...options, environment: 'production' }), {
    message: /production does not get them/,
  })
  t.same(await db.selectFrom('cafeterias').selectAll().execute(), [], 'refused before anything was done')
  await seedCampus(db, { demoAccounts: false, password: '', environment: 'production' })
  t.same(await db.selectFrom('users').selectAll().execute(), [])
  t.equal((await db.selectFrom('cafeterias').selectAll().execute()).length, 3)
})
