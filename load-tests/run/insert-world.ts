import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { insertCampus } from '../campus.ts'
import type { World } from '../profiles/world.ts'

const cafeterias = 10

/**
 * Fills an empty database with ten cafeterias that are always open, with menus of twelve products, and with customers who have money.
 * @param counts how many customers, and how long their tokens are valid
 */
export async function insertWorld(
  db: Kysely<Schema>,
  counts: { customers: number; accessTokenSecret: string; tokenSeconds: number },
): Promise<Pick<World, 'customers' | 'kitchens'>> {
  const campus = await insertCampus(db, { cafeterias, ...counts })
  await sql`update products set allergens = '{gluten,milk}', dietary_tags = '{vegetarian}',
    description = repeat('Lorem ipsum ', 6)`.execute(db)
  await sql`with more as (
      insert into categories (cafeteria_id, name, position)
      select id, 'Category ' || n, n from cafeterias, generate_series(1, 3) n
      returning id, cafeteria_id
    )
    insert into products (cafeteria_id, category_id, name, price_cents, make_seconds, position, allergens, dietary_tags, description)
    select cafeteria_id, id, 'Product ' || n, 1000 + n, 60, n, '{gluten,milk}', '{vegetarian}', repeat('Lorem ipsum ', 6)
    from more, generate_series(1, 3) n`.execute(db)
  const products = await db.selectFrom('products').select(['id', 'cafeteriaId']).execute()
  await sql`analyze`.execute(db)
  return {
    customers: campus.customers,
    kitchens: campus.kitchens.map(({ cafeteriaId, staffToken }) => ({
      cafeteriaId,
      productIds: products.filter((product) => product.cafeteriaId === cafeteriaId).map(({ id }) => id),
      staffToken,
    })),
  }
}
