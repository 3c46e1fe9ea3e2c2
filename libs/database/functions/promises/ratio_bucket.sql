-- The element of promise_ratios.weights that counts a ratio, 1 to 97, in steps of 5%. Ratios below 0.1 and above 10 count as those.
create or replace function ratio_bucket(p_ratio double precision) returns integer
language sql immutable as $$
  select 49 + greatest(-48, least(48, round(ln(greatest(p_ratio, 0.01)) / ln(1.05::double precision))::integer))
$$;
