-- What a batch of events adds to the histograms of rollup_days.
create or replace function histogram_differences(p_event_ids bigint[])
returns table (cafeteria_id uuid, day date, make integer[], late integer[], early integer[])
language sql stable as $$
  with ready as materialized (
    select m.cafeteria_id, m.day, duration_bucket(m.make_seconds) as make, duration_bucket(abs(m.late_seconds)) as off,
      m.late_seconds > 0 as late, c.times
    from counted_events(p_event_ids) c join counted_moves m on m.id = c.event_id
    where m.outcome = 'ready'
  )
  select r.cafeteria_id, r.day, histogram_of(array_agg(r.make), array_agg(r.times)),
    histogram_of(array_agg(r.off) filter (where r.late), array_agg(r.times) filter (where r.late)),
    histogram_of(array_agg(r.off) filter (where not r.late), array_agg(r.times) filter (where not r.late))
  from ready r
  group by r.cafeteria_id, r.day
$$;
