import type { Schema } from '@comanda/database'
import { sql, type Transaction } from 'kysely'

/** Draws a code for every order, and again for those whose code is another's of that cafeteria and day. */
export async function giveCodes(tx: Transaction<Schema>): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const { numAffectedRows } = await sql`
      update history_orders set pickup_code = (
        select string_agg(substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ',
          1 + floor(pg_temp.draw(n * 4 + digit, ${sql.lit(`code ${attempt}`)}) * 32)::integer, 1), '')
        from generate_series(0, 3) digit
      ) where pickup_code is null`.execute(tx)
    if (numAffectedRows === 0n) return
    await sql`
      update history_orders o set pickup_code = null
      from (
        select n from (
          select n, row_number() over (partition by cafeteria_id, pickup_date, pickup_code order by n) as taker from history_orders
        ) takers where taker > 1
        union
        select h.n from history_orders h join orders using (cafeteria_id, pickup_date, pickup_code)
      ) late
      where o.n = late.n`.execute(tx)
  }
}
