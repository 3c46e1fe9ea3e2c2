import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { createSigner, insertCampus } from '../campus.ts'
import type { PlannedRequest } from './load/wrk.ts'

export interface BenchCampus {
  cafeteriaIds: string[]
  /** Each with a product that is never ordered, to change what is on the menu. */
  staff: { token: string; productId: string }[]
  /** An order of three lines per customer, each at another cafeteria, whose staff moves it; with money for thousands of them. */
  orders: (PlannedRequest & { token: string; body: object; staffToken: string })[]
}

/** Cafeterias with four categories of three products: a menu of about 6 kB. */
export async function insertBenchCampus(
  db: Kysely<Schema>,
  counts: { cafeterias: number; customers: number; accessTokenSecret: string },
): Promise<BenchCampus> {
  const { customers, kitchens } = await insertCampus(db, counts)
  await sql`update cafeterias set slot_capacity_orders = 1000, slot_capacity_make_seconds = null, recall_seconds = 3600`.execute(
    db,
  )
  await sql`update products set allergens = '{gluten,milk}', dietary_tags = '{vegetarian}', description = repeat('Lorem ipsum ', 6)`.execute(
    db,
  )
  await sql`with more as (
      insert into categories (cafeteria_id, name, position)
      select cafeteria_id, 'Category ' || n, n from categories, generate_series(1, 3) n
      returning id, cafeteria_id
    )
    insert into products (cafeteria_id, category_id, name, price_cents, make_seconds, position, allergens, dietary_tags, description)
    select cafeteria_id, id, 'Product ' || n, 1000 + n, 60, n, '{gluten,milk}', '{vegetarian}', repeat('Lorem ipsum ', 6)
    from more, generate_series(1, 3) n`.execute(db)
  const staff = await insertStaff(db, counts.accessTokenSecret)
  await sql`analyze`.execute(db)
  return {
    cafeteriaIds: kitchens.map(({ cafeteriaId }) => cafeteriaId),
    staff,
    orders: customers.map((token, index) => {
      const { cafeteriaId, productIds, staffToken } = kitchens[
        index % kitchens.length
      ] as (typeof kitchens)[number]
      return {
        method: 'POST',
        path: '/v1/orders',
        token,
        staffToken,
        body: {
          cafeteriaId,
          items: productIds.slice(0, 3).map((productId) => ({ productId, quantity: 1 })),
          pickup: 'asap',
          payment: { method: 'wallet' },
        },
      }
    }),
  }
}

/** A person per cafeteria, because changes of a menu are written down with who made them. */
async function insertStaff(db: Kysely<Schema>, secret: string): Promise<BenchCampus['staff']> {
  const { rows } = await sql<{ cafeteriaId: string; productId: string; userId: string }>`
    with spare as (
      select distinct on (cafeteria_id) cafeteria_id, id as product_id, uuidv7() as user_id
      from products where position > 0 order by cafeteria_id, id
    ), people as (
      insert into users (id, email, name, password_hash)
      select user_id, cafeteria_id || '@comanda.test', 'Staff', 'none' from spare
    )
    select * from spare`.execute(db)
  const sign = createSigner(secret)
  return rows.map(({ cafeteriaId, productId, userId }) => ({
    productId,
    token: sign({ userId, role: 'staff', memberships: { [cafeteriaId]: 'staff' } }),
  }))
}
