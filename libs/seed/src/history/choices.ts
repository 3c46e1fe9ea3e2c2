import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { cafeteriaIds } from '../campus/cafeterias.ts'

/** What can be ordered in each half hour of a day, the popular things first. */
export async function createMenu(db: Kysely<Schema>): Promise<void> {
  await sql`
    create temporary table history_menu as
    select p.cafeteria_id, h.half_hour, array_agg(p.id order by p.position, p.id) as product_ids, count(*)::integer as size
    from products p
    left join mealtimes t on t.id = p.mealtime_id
    cross join generate_series(0, 47) h (half_hour)
    cross join lateral (
      select time '00:00' + h.half_hour * interval '30 minutes' as begins, time '00:29' + h.half_hour * interval '30 minutes' as ends
    ) half
    where p.cafeteria_id = any (${cafeteriaIds}) and p.deleted_at is null and p.available and (t.id is null
      or t.starts < t.ends and t.starts <= half.begins and half.ends <= t.ends
      or t.starts > t.ends and (t.starts <= half.begins or half.ends <= t.ends))
    group by p.cafeteria_id, h.half_hour`.execute(db)
  await sql`analyze history_menu`.execute(db)
}

/** The id of a line in `shown` of `history_choices`, in whose place each line's own is put. */
export const shownId = sql.lit('00000000-0000-7000-8000-000000000000')

const shown = (quantity: number) =>
  sql`shown_line(${shownId}::uuid, product_id, name, ${sql.lit(quantity)}, price_cents, shown_modifiers, null)::text`

/** Three ways to order a product: with another choice from every group that asks for one, the third with an extra. */
export async function createChoices(db: Kysely<Schema>): Promise<void> {
  await sql`
    create temporary table history_choices as
    with choices as (
    select p.id as product_id, v.variant, p.name, p.make_seconds, p.price_cents + coalesce(sum(m.price_delta_cents), 0)::integer as price_cents,
      coalesce(jsonb_agg(jsonb_build_object('modifier_id', m.id, 'name', m.name, 'price_delta_cents', m.price_delta_cents)
        order by pg.position, m.position) filter (where m.id is not null), '[]') as modifiers,
      coalesce(jsonb_agg(jsonb_build_object('modifierId', m.id, 'name', m.name, 'priceDeltaCents', m.price_delta_cents)
        order by pg.position, m.position) filter (where m.id is not null), '[]') as shown_modifiers
    from products p
    cross join generate_series(0, 2) v (variant)
    left join product_modifier_groups pg on pg.product_id = p.id
    left join modifier_groups g on g.id = pg.group_id and g.deleted_at is null
    left join lateral (
      select m.*, row_number() over (order by m.position, m.id) - 1 as index, count(*) over () as size
      from modifiers m where m.group_id = g.id and m.available and m.deleted_at is null
    ) m on case when g.min_select > 0 then (m.index - v.variant + m.size) % m.size < g.min_select
      else v.variant = 2 and m.index = m.size - 1 end
    where p.cafeteria_id = any (${cafeteriaIds})
    group by p.id, v.variant
    )
    select choices.*, array[${shown(1)}, ${shown(2)}] as shown from choices`.execute(db)
  await sql`create unique index on history_choices (product_id, variant)`.execute(db)
  await sql`analyze history_choices`.execute(db)
}
