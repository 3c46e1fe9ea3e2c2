-- The time zone that a cafeteria had at a moment, one row. In a `from` Postgres inlines it.
create or replace function time_zone_at(p_cafeteria_id uuid, p_at timestamptz) returns setof text
language sql stable as $$
  select time_zone from cafeteria_time_zones where cafeteria_id = p_cafeteria_id and since <= p_at order by since desc limit 1
$$;
