-- Adds what became of payments to rollup_payments. Returns the days that have changed.
create or replace function roll_up_payments(p_event_ids bigint[]) returns table (cafeteria_id uuid, day date)
language sql as $$
  insert into rollup_payments as r
  select p.cafeteria_id, p.day, p.method, p.outcome, count(*), sum(p.cents)
  from counted_payments p
  where p.id = any (p_event_ids)
  group by p.cafeteria_id, p.day, p.method, p.outcome
  on conflict (cafeteria_id, day, method, outcome) do update set
    payments = r.payments + excluded.payments, cents = r.cents + excluded.cents
  returning r.cafeteria_id, r.day
$$;
