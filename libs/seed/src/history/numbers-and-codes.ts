import type { Schema } from '@comanda/database'
import { sql, type Transaction } from 'kysely'

const letter = (digit: number) => sql`substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ',
  1 + floor(pg_temp.draw(o.n * 4 + ${sql.lit(digit)}, 'code') * 32)::integer, 1)`

/**
 * Numbers the orders of each cafeteria and day, and draws their codes. Orders that customers place have numbers from 1000 to 999,999
 * (`random_order_number`), so these have those below and above.
 */
export async function giveNumbersAndCodes(tx: Transaction<Schema>): Promise<void> {
  await sql`
    update history_orders o set number = case when place < 1000 then place else 999000 + place end,
      pickup_code = ${sql.join([0, 1, 2, 3].map(letter), sql` || `)}
    from (
      select n, coalesce(earlier.orders, 0) + row_number() over (partition by cafeteria_id, pickup_date order by n) as place
      from history_orders
      left join (
        select o.cafeteria_id, o.pickup_date, count(*) as orders from orders o
        where (o.cafeteria_id, o.pickup_date) in (select cafeteria_id, pickup_date from history_orders)
          and (o.number < 1000 or o.number > 999999)
        group by o.cafeteria_id, o.pickup_date
      ) earlier using (cafeteria_id, pickup_date)
    ) places
    where places.n = o.n`.execute(tx)
}
