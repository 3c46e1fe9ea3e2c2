-- Whether an instant is in one of a cafeteria's opening_windows. Every order asks, so it reads two indexes instead of making a
-- series of days.
create or replace function is_open(p_cafeteria_id uuid, p_time_zone text, p_kind text, p_at timestamptz) returns boolean
language plpgsql stable as $$
declare
  here constant timestamp := p_at at time zone p_time_zone;
  exception_today schedule_exceptions;
begin
  select * into exception_today from schedule_exceptions where cafeteria_id = p_cafeteria_id and date = here::date;
  if found then
    return coalesce(here::time >= exception_today.opens and here::time < exception_today.closes, false);
  end if;
  return exists (
    select from opening_hours
    where cafeteria_id = p_cafeteria_id and kind = p_kind and weekday = extract(isodow from here)
      and opens <= here::time and here::time < closes
  );
end $$;
