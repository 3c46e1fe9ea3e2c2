-- The duration in seconds within which a share of what a histogram counts lies, 0 < p_share <= 1, to 2.5%; null when it counts nothing.
create or replace function histogram_quantile(p_histogram integer[], p_share double precision) returns double precision
language sql immutable as $$
  select duration_of_bucket(min(bucket)::integer) from (
    select bucket, sum(n) over (order by bucket) as reached, sum(n) over () as total
    from unnest(p_histogram) with ordinality u(n, bucket)
  ) buckets
  where total > 0 and reached >= p_share * total
$$;
