-- The tables that roll_up writes and a rebuild makes anew.
create or replace function rollup_tables() returns text[] language sql immutable as $$
  select array['rollup_hours', 'rollup_days', 'rollup_products', 'rollup_statuses', 'rollup_payments', 'customers']
$$;
