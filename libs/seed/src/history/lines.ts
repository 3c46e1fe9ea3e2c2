import type { Schema } from '@comanda/database'
import { sql, type Transaction } from 'kysely'

/** Picks two or three different products for each order, of those served at the time, mostly one of each. */
export async function pickLines(tx: Transaction<Schema>): Promise<void> {
  await sql`
    create temporary table history_lines on commit drop as
    select r.n, l.position, pg_temp.id_at(r.created_at, r.n * 3 + l.position, 'line') as id,
      c.product_id, c.variant, c.price_cents, c.make_seconds,
      case when pg_temp.draw(r.n * 3 + l.position, 'quantity') < 0.12 then 2 else 1 end as quantity
    from history_requests r
    join history_menu m on m.cafeteria_id = r.cafeteria_id
      and m.half_hour = floor(extract(epoch from (r.starts_at at time zone r.time_zone)::time) / 1800)
    cross join lateral generate_series(1, case when pg_temp.draw(r.n, 'lines') < 0.6 then 2 else 3 end) l (position)
    -- Each line has a third of the menu, counted from the first line's product, so no two are the same.
    cross join lateral (select m.product_ids[1 + (
      floor(pg_temp.draw(r.n, 'product') ^ 2 * m.size)::integer
      + case l.position when 1 then 0 else
        (l.position - 1) * (m.size / 3) + floor(pg_temp.draw(r.n * 3 + l.position, 'product') * (m.size / 3))::integer end
      ) % m.size] as product_id) p
    join history_choices c on c.product_id = p.product_id
      and c.variant = floor(pg_temp.draw(r.n * 3 + l.position, 'variant') * 3)`.execute(tx)
  await sql`analyze history_lines`.execute(tx)
}

/** Inserts the picked lines, by order and position. */
export async function insertLines(tx: Transaction<Schema>): Promise<void> {
  await sql`
    insert into order_items (id, order_id, position, product_id, name, quantity, unit_price_cents, modifiers, stock_taken)
    select l.id, o.id, l.position, l.product_id, c.name, l.quantity, l.price_cents, c.modifiers, false
    from history_lines l join history_orders o on o.n = l.n
    join history_choices c on c.product_id = l.product_id and c.variant = l.variant
    order by l.n, l.position`.execute(tx)
}
