-- Whether an instant is in one of a cafeteria's opening_windows. Every order asks, so it reads two indexes instead of making and
-- merging windows. Which date the end of a night belongs to matters only where there are exceptions; then hours_of_dates decides.
create or replace function is_open(p_cafeteria_id uuid, p_time_zone text, p_kind text, p_at timestamptz) returns boolean
language plpgsql stable as $$
declare
  today constant date := date_at(p_at, p_time_zone);
begin
  if exists (select from schedule_exceptions where cafeteria_id = p_cafeteria_id and date between today - 2 and today) then
    return exists (
      select from hours_of_dates(p_cafeteria_id, p_kind, today - 1, today) h
      where instant_of(h.opens, p_time_zone) <= p_at and p_at < instant_of(h.closes, p_time_zone)
    );
  end if;
  return exists (
    select from opening_hours h
    cross join lateral (select (extract(isodow from today)::integer - h.weekday + 7) % 7 as ago) day
    where h.cafeteria_id = p_cafeteria_id and h.kind = p_kind
      -- Yesterday's hours may run past midnight.
      and (day.ago = 0 or (day.ago = 1 and h.closes < h.opens))
      and instant_of(today - day.ago + h.opens, p_time_zone) <= p_at
      and p_at < instant_of(local_end(today - day.ago, h.opens, h.closes), p_time_zone)
  );
end $$;
