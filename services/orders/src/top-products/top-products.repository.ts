import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import { selectProducts } from '../products/product-selection.ts'
import type { TopProducts } from './top-products.schema.ts'

/** Finds the list that the worker calculated last, with the products as they are now, in one statement. Undefined: no such cafeteria. */
export function findTopProducts(db: Kysely<Schema>, cafeteriaId: string): Promise<TopProducts | undefined> {
  return db
    .selectFrom('cafeterias as c')
    .leftJoin('topProducts as top', 'top.cafeteriaId', 'c.id')
    .select((eb) => [
      'c.id as cafeteriaId',
      'top.calculatedAt',
      jsonArrayFrom(
        eb
          .selectFrom(
            sql<{
              productId: string
              quantity: number
              rank: number
            }>`unnest(top.product_ids, top.quantities) with ordinality`.as<'ranked'>(
              sql`ranked(product_id, quantity, rank)`,
            ),
          )
          .innerJoinLateral(
            selectProducts(db).whereRef('products.id', '=', sql.ref('ranked.product_id')).as('product'),
            (join) => join.onTrue(),
          )
          .select([
            'ranked.quantity',
            sql<TopProducts['data'][number]['product']>`to_json(product)`.as('product'),
          ])
          .orderBy('ranked.rank'),
      ).as('data'),
    ])
    .where('c.id', '=', cafeteriaId)
    .where('c.deletedAt', 'is', null)
    .executeTakeFirst()
}
