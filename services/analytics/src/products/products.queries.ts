import { sql } from 'kysely'
import type { Numbers } from '../periods/numbers.ts'

/** The products of which most units were ordered; of as many, those that brought more money. */
export const productsNumbers = (limit: number): Numbers => sql`
  select coalesce(
    jsonb_agg(
      jsonb_build_object('productId', top.product_id, 'name', p.name, 'quantity', top.quantity, 'grossCents', top.cents,
        'lostQuantity', top.lost_quantity, 'lostCents', top.lost_cents, 'salesCents', top.cents - top.lost_cents)
      order by top.quantity desc, top.cents desc, top.product_id
    ),
    '[]'
  ) as products
  from (
    select product_id, sum(quantity)::bigint as quantity, sum(cents)::bigint as cents, sum(lost_quantity)::bigint as lost_quantity,
      sum(lost_cents)::bigint as lost_cents
    from rollup_products
    where cafeteria_id = c.id and day between r.first and r.last
    group by product_id
    order by quantity desc, cents desc, product_id
    limit ${limit}
  ) top
  join products p on p.id = top.product_id`
