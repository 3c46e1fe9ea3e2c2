-- The hours of a cafeteria that begin on local dates, as clocks there show them; those of different rows may adjoin or overlap.
-- An exception replaces all that begins on its date. A night may be two rows of the week, up to 24:00 and from 00:00: when it
-- closes by noon the second belongs to the date of the first, so that it follows the exceptions of the evening.
create or replace function hours_of_dates(p_cafeteria_id uuid, p_kind text, p_from date, p_to date)
returns table (opens timestamp, closes timestamp)
language sql stable as $$
  select day.date + h.opens, local_end(day.date, h.opens, h.closes)
  from (select p_from + n as date from generate_series(0, p_to - p_from + 1) n) day
  join opening_hours h on h.cafeteria_id = p_cafeteria_id and h.kind = p_kind and h.weekday = extract(isodow from day.date)::smallint
  where case
    when h.opens = '00:00' and h.closes <= '12:00' and exists (
      select from opening_hours evening
      where evening.cafeteria_id = p_cafeteria_id and evening.kind = p_kind and evening.weekday = 1 + (h.weekday + 5) % 7
        and evening.closes = '24:00'
    ) and not exists (
      select from opening_hours morning
      where morning.cafeteria_id = p_cafeteria_id and morning.kind = p_kind and morning.weekday = h.weekday
        and morning.opens > h.opens and morning.opens <= h.closes
    ) then day.date > p_from
      and not exists (select from schedule_exceptions e where e.cafeteria_id = p_cafeteria_id and e.date = day.date - 1)
    else day.date <= p_to
      and not exists (select from schedule_exceptions e where e.cafeteria_id = p_cafeteria_id and e.date = day.date)
    end
  union all
  select e.date + e.opens, local_end(e.date, e.opens, e.closes)
  from schedule_exceptions e
  where e.cafeteria_id = p_cafeteria_id and e.date between p_from and p_to and e.opens is not null
$$;
