import type { Schema } from '@comanda/database'
import { sql, type Transaction } from 'kysely'

/**
 * Numbers the orders of each cafeteria and day. Orders that customers place have numbers from 1000 to 999,999 (`random_order_number`), so
 * these have those below and above.
 */
export async function giveNumbers(tx: Transaction<Schema>): Promise<void> {
  await sql`
    create temporary table history_numbers on commit drop as
    select n, case when place < 1000 then place else 999000 + place end as number
    from (
      select n, coalesce(earlier.orders, 0) + row_number() over (partition by cafeteria_id, pickup_date order by n) as place
      from history_orders
      left join (
        select o.cafeteria_id, o.pickup_date, count(*) as orders from orders o
        where (o.cafeteria_id, o.pickup_date) in (select cafeteria_id, pickup_date from history_orders)
          and (o.number < 1000 or o.number > 999999)
        group by o.cafeteria_id, o.pickup_date
      ) earlier using (cafeteria_id, pickup_date)
    ) places`.execute(tx)
  await sql`analyze history_numbers`.execute(tx)
}
