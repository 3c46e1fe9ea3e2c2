-- The local date at an instant: the last whose midnight, as instant_of gives it, has come. So it never goes back, also where
-- clocks go back over midnight.
create or replace function date_at(p_at timestamptz, p_time_zone text) returns date
language plpgsql immutable as $$
declare
  day constant interval := '24 hours';
  shown constant timestamp := p_at at time zone p_time_zone;
begin
  return case
    when (p_at - day) at time zone p_time_zone = shown - day then shown::date
    when instant_of(shown::date + 1, p_time_zone) <= p_at then shown::date + 1
    else shown::date
  end;
end $$;
