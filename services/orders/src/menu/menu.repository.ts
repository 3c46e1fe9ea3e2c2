import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import { selectProducts } from '../products/product-selection.ts'
import type { Menu } from './menu.schema.ts'

export interface TimeBoundMenu extends Menu {
  /** The moment at which a mealtime begins or ends next; null when there are no mealtimes. */
  changesAt: string | null
}

/** Finds what a cafeteria serves at a moment (null: now), in one statement whatever its size. Undefined: no such cafeteria. */
export function findMenu(
  db: Kysely<Schema>,
  cafeteriaId: string,
  at: string | null,
): Promise<TimeBoundMenu | undefined> {
  const moment = sql<string>`coalesce(${at}::timestamptz, now())`
  // `promise` asks the same function about the moment of pick-up, so the menu of that moment shows what can be ordered.
  const products = selectProducts(db)
    .whereRef('products.categoryId', '=', sql.ref('categories.id'))
    .where(sql<boolean>`(products.mealtime_id is null or products.mealtime_id = any (served.mealtimes))`)
    .orderBy('products.position')
    .orderBy('products.id')
  const categories = db
    .selectFrom('categories')
    .select([
      'categories.id',
      'categories.name',
      'categories.position',
      jsonArrayFrom(products).as('products'),
    ])
    .whereRef('categories.cafeteriaId', '=', sql.ref('c.id'))
    .where('categories.deletedAt', 'is', null)
    .orderBy('categories.position')
    .orderBy('categories.id')
  // `offset 0` keeps Postgres from asking anew for every product.
  const served = sql<{ mealtimes: string[] }>`(
    select array(select served_mealtimes(c.id, c.time_zone, ${moment})) as mealtimes offset 0)`
  return db
    .selectFrom('cafeterias as c')
    .crossJoinLateral(served.as<'served'>(sql.ref('served')))
    .select([
      'c.id as cafeteriaId',
      'c.name',
      'c.currency',
      'c.timeZone',
      'c.pausedAt',
      // The menu of now answers the moment since which it has been the same, so that its bytes do not change.
      sql<string>`coalesce(${at}::timestamptz, last_menu_change(c.id, c.time_zone, now()), c.created_at)`.as(
        'at',
      ),
      sql<string | null>`next_menu_change(c.id, c.time_zone, ${moment})`.as('changesAt'),
      jsonArrayFrom(categories).as('categories'),
    ])
    .where('c.id', '=', cafeteriaId)
    .where('c.deletedAt', 'is', null)
    .executeTakeFirst()
}
