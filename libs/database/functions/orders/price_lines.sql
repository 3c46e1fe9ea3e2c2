-- Prices the lines of an order as the menu is now. Returns the rows for order_items, these lines as the API shows them, whether
-- any is of a counted product, the mealtimes of those that are not served all day (null when all are), the sums, and for the first line
-- that cannot be ordered a code and what it is about. Whether the mealtimes allow it depends on when it is handed over: see promise.
create or replace function price_lines(p_cafeteria_id uuid, p_items jsonb)
returns table (
  kept order_items[], shown json, counted boolean, mealtimes uuid[], total_cents bigint, make_seconds bigint, problem text, problem_detail jsonb
)
language sql stable as $$
  select
    array_agg(row (id, null, position, product_id, name, quantity, unit_price_cents, modifiers_kept, note, counted)::order_items
      order by position),
    json_agg(shown_line(id, product_id, name, quantity, unit_price_cents, modifiers_shown, note) order by position),
    bool_or(counted),
    array_agg(mealtime_id) filter (where mealtime_id is not null),
    sum(unit_price_cents::bigint * quantity)::bigint,
    sum(make_seconds::bigint * quantity)::bigint,
    (array_agg(problem order by position) filter (where problem is not null))[1],
    (array_agg(jsonb_strip_nulls(jsonb_build_object('line', position - 1, 'product_id', product_id, 'available_quantity',
      stock_quantity, 'group', group_name, 'min_select', min_select, 'max_select', max_select)) order by position)
      filter (where problem is not null))[1]
  from (
    select uuidv7() as id, l.position, l.product_id, l.quantity, l.note, p.name, p.make_seconds, p.mealtime_id, p.stock_quantity,
      p.price_cents + coalesce(m.delta_cents, 0) as unit_price_cents, p.stock_quantity is not null as counted,
      coalesce(m.kept, '[]') as modifiers_kept, coalesce(m.shown, '[]') as modifiers_shown,
      g.name as group_name, g.min_select, g.max_select,
      case
        when p.id is null then 'product_unknown'
        when not p.available or p.stock_quantity < l.quantity then 'product_unavailable'
        when cardinality(l.modifier_ids) > m.matched then 'modifier_unknown'
        when g.name is not null and lacks_choice(l.product_id) then 'product_unavailable'
        when g.name is not null or p.price_cents + coalesce(m.delta_cents, 0) < 0 then 'modifier_choice_invalid'
      end as problem
    from rows from (
      jsonb_to_recordset(p_items) as (product_id uuid, quantity integer, modifier_ids uuid[], note text)
    ) with ordinality as l (product_id, quantity, modifier_ids, note, position)
    left join products p on p.id = l.product_id and p.cafeteria_id = p_cafeteria_id and p.deleted_at is null
    cross join lateral chosen_modifiers(l.product_id, l.modifier_ids) m
    left join lateral wrongly_chosen_group(l.product_id, l.modifier_ids) g on true
  ) line
$$;
