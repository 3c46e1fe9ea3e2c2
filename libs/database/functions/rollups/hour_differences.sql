-- What a batch of events adds to rollup_hours.
create or replace function hour_differences(p_event_ids bigint[]) returns table (
  cafeteria_id uuid, day date, hour timestamptz, local_hour smallint, placed bigint, asap bigint, items bigint, gross_cents bigint,
  rejected bigint, cancelled bigint, lost_cents bigint, abandoned bigint, expired bigint, ready bigint, make_seconds bigint,
  kept bigint, late_seconds bigint, early_seconds bigint, naive_kept bigint, naive_late_seconds bigint, naive_early_seconds bigint,
  collected bigint, uncollected bigint
)
language sql stable as $$
  with moves as materialized (
    select m.cafeteria_id, m.day, m.hour, m.local_hour, m.outcome, m.pickup_kind, m.total_cents,
      m.outcome in ('rejected', 'cancelled') as lost, m.make_seconds, m.late_seconds, m.naive_late_seconds, c.times,
      case m.outcome when 'placed' then (select sum(i.quantity) from order_items i where i.order_id = m.order_id) end as items
    from counted_events(p_event_ids) c join counted_moves m on m.id = c.event_id
  )
  select m.cafeteria_id, m.day, m.hour, m.local_hour,
    count(*) filter (where m.outcome = 'placed'),
    count(*) filter (where m.outcome = 'placed' and m.pickup_kind = 'asap'),
    coalesce(sum(m.items), 0)::bigint,
    coalesce(sum(m.total_cents) filter (where m.outcome = 'placed'), 0)::bigint,
    count(*) filter (where m.outcome = 'rejected'),
    count(*) filter (where m.outcome = 'cancelled'),
    coalesce(sum(m.total_cents) filter (where m.lost), 0)::bigint,
    count(*) filter (where m.outcome = 'abandoned'),
    count(*) filter (where m.outcome = 'expired'),
    coalesce(sum(m.times) filter (where m.outcome = 'ready'), 0),
    coalesce(sum(m.times * round(m.make_seconds)), 0)::bigint,
    coalesce(sum(m.times) filter (where m.late_seconds <= 0), 0),
    coalesce(sum(m.times * round(m.late_seconds)) filter (where m.late_seconds > 0), 0)::bigint,
    coalesce(sum(m.times * round(-m.late_seconds)) filter (where m.late_seconds <= 0), 0)::bigint,
    coalesce(sum(m.times) filter (where m.naive_late_seconds <= 0), 0),
    coalesce(sum(m.times * round(m.naive_late_seconds)) filter (where m.naive_late_seconds > 0), 0)::bigint,
    coalesce(sum(m.times * round(-m.naive_late_seconds)) filter (where m.naive_late_seconds <= 0), 0)::bigint,
    count(*) filter (where m.outcome = 'collected'),
    count(*) filter (where m.outcome = 'uncollected')
  from moves m
  where m.outcome not in ('pending_payment', 'accepted', 'preparing')
  group by m.cafeteria_id, m.day, m.hour, m.local_hour
$$;
