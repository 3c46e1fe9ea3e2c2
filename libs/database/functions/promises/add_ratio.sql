-- promise_ratios.weights with one more order. What was counted before loses a hundredth, so that it is mostly about the last hundred orders.
create or replace function add_ratio(p_weights real[], p_ratio double precision) returns real[]
language sql immutable as $$
  select array_agg((0.99 * coalesce(p_weights[n], 0) + (n = ratio_bucket(p_ratio))::integer)::real order by n)
  from generate_series(1, 97) n
$$;
