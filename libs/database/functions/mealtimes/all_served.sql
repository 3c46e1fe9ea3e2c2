-- Whether an instant is in all of these mealtimes; of none (null) it is.
create or replace function all_served(p_cafeteria_id uuid, p_time_zone text, p_mealtimes uuid[], p_at timestamptz) returns boolean
language sql stable as $$
  select p_mealtimes is null
    or p_mealtimes <@ array(select served_mealtimes(p_cafeteria_id, p_time_zone, p_at))
$$;
