-- What the hour hand shows at an instant, 0 to 23. It is for display: hours come twice, or are skipped, when clocks change.
create or replace function hour_at(p_at timestamptz, p_time_zone text) returns smallint
language sql immutable as $$
  select extract(hour from p_at at time zone p_time_zone)::smallint
$$;
