-- When a cafeteria closes for the last time on the day that p_at belongs to; null when it does not open any more on that day. While the
-- doors are open that day is the one on which they opened, so a night belongs to the evening before. A cafeteria that never closes has
-- the end of tomorrow.
create or replace function todays_closing(p_cafeteria_id uuid, p_time_zone text, p_at timestamptz) returns timestamptz
language sql stable as $$
  with stretches as (
    select opens_at, closes_at, date_at(opens_at, p_time_zone) as date
    from opening_windows(p_cafeteria_id, 'opening', date_at(p_at, p_time_zone) - 1, date_at(p_at, p_time_zone) + 1)
  )
  select max(closes_at) from stretches
  where closes_at > p_at and date = coalesce(
    (select s.date from stretches s where s.opens_at <= p_at and p_at < s.closes_at),
    date_at(p_at, p_time_zone)
  )
$$;
