-- Adds a batch of events to rollup_hours and rollup_days. Returns the days that have changed.
create or replace function roll_up_moves(p_event_ids bigint[]) returns table (cafeteria_id uuid, day date)
language sql as $$
  with differences as materialized (
    select * from hour_differences(p_event_ids)
  ), hours as (
    insert into rollup_hours as r
    select d.cafeteria_id, d.day, d.hour, d.local_hour, d.placed, d.asap, d.items, d.gross_cents, d.rejected, d.cancelled, d.lost_cents,
      d.abandoned, d.expired, d.ready, d.make_seconds, d.kept, d.late_seconds, d.early_seconds, d.naive_kept,
      d.naive_late_seconds, d.naive_early_seconds, d.collected, d.uncollected
    from differences d
    on conflict (cafeteria_id, day, hour, local_hour) do update set
      placed = r.placed + excluded.placed, asap = r.asap + excluded.asap, items = r.items + excluded.items,
      gross_cents = r.gross_cents + excluded.gross_cents, rejected = r.rejected + excluded.rejected,
      cancelled = r.cancelled + excluded.cancelled, lost_cents = r.lost_cents + excluded.lost_cents,
      abandoned = r.abandoned + excluded.abandoned, expired = r.expired + excluded.expired, ready = r.ready + excluded.ready,
      make_seconds = r.make_seconds + excluded.make_seconds, kept = r.kept + excluded.kept,
      late_seconds = r.late_seconds + excluded.late_seconds, early_seconds = r.early_seconds + excluded.early_seconds,
      naive_kept = r.naive_kept + excluded.naive_kept, naive_late_seconds = r.naive_late_seconds + excluded.naive_late_seconds,
      naive_early_seconds = r.naive_early_seconds + excluded.naive_early_seconds,
      collected = r.collected + excluded.collected, uncollected = r.uncollected + excluded.uncollected
  ), days as (
    select d.cafeteria_id, d.day, sum(d.placed) as placed, sum(d.asap) as asap, sum(d.items) as items,
      sum(d.gross_cents) as gross_cents, sum(d.rejected) as rejected, sum(d.cancelled) as cancelled, sum(d.lost_cents) as lost_cents,
      sum(d.abandoned) as abandoned, sum(d.expired) as expired, sum(d.ready) as ready, sum(d.make_seconds) as make_seconds,
      sum(d.kept) as kept, sum(d.late_seconds) as late_seconds, sum(d.early_seconds) as early_seconds,
      sum(d.naive_kept) as naive_kept, sum(d.naive_late_seconds) as naive_late_seconds,
      sum(d.naive_early_seconds) as naive_early_seconds, sum(d.collected) as collected, sum(d.uncollected) as uncollected
    from differences d group by d.cafeteria_id, d.day
  ), histograms as materialized (
    select * from histogram_differences(p_event_ids)
  )
  insert into rollup_days as r (cafeteria_id, day, placed, asap, items, gross_cents, rejected, cancelled, lost_cents, abandoned, expired,
    ready, make_seconds, kept, late_seconds, early_seconds, naive_kept, naive_late_seconds, naive_early_seconds, collected, uncollected,
    make, late, early)
  select d.*, coalesce(h.make, '{}'), coalesce(h.late, '{}'), coalesce(h.early, '{}')
  from days d
  left join histograms h on h.cafeteria_id = d.cafeteria_id and h.day = d.day
  on conflict (cafeteria_id, day) do update set
    placed = r.placed + excluded.placed, asap = r.asap + excluded.asap, items = r.items + excluded.items,
    gross_cents = r.gross_cents + excluded.gross_cents, rejected = r.rejected + excluded.rejected,
    cancelled = r.cancelled + excluded.cancelled, lost_cents = r.lost_cents + excluded.lost_cents,
    abandoned = r.abandoned + excluded.abandoned, expired = r.expired + excluded.expired, ready = r.ready + excluded.ready,
    make_seconds = r.make_seconds + excluded.make_seconds, kept = r.kept + excluded.kept,
    late_seconds = r.late_seconds + excluded.late_seconds, early_seconds = r.early_seconds + excluded.early_seconds,
    naive_kept = r.naive_kept + excluded.naive_kept, naive_late_seconds = r.naive_late_seconds + excluded.naive_late_seconds,
    naive_early_seconds = r.naive_early_seconds + excluded.naive_early_seconds,
    collected = r.collected + excluded.collected, uncollected = r.uncollected + excluded.uncollected,
    make = add_histograms(r.make, excluded.make), late = add_histograms(r.late, excluded.late),
    early = add_histograms(r.early, excluded.early)
  returning r.cafeteria_id, r.day
$$;
