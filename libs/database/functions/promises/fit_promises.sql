-- The quantiles of promise_ratios for each load bin, 1 to 7.
--
-- A bin of which little is known borrows from the others: altogether ten orders at most, and of bins further away less. Five orders that
-- took exactly the naive time are added to each, so that a kitchen without history promises just that. What has nearly been forgotten is
-- left out, because it costs time and moves nothing.
create or replace function fit_promises(p_cafeteria_id uuid, out p50 real[], out p90 real[])
language sql stable as $$
  with cells as materialized (
    select r.load_bin::integer as bin, u.bucket, u.weight::double precision as weight
    from promise_ratios r cross join unnest(r.weights) with ordinality u (weight, bucket)
    where r.cafeteria_id = p_cafeteria_id and u.weight > 0.01
  ), borrowable as (
    select c.bin, sum(c.weight) as weight from cells c group by c.bin
  ), shares as (
    select n as bin, b.bin as source, 4.0::double precision ^ -abs(b.bin - n)
      * least(1, 10 / sum(b.weight * 4.0::double precision ^ -abs(b.bin - n)) over (partition by n)) as share
    from generate_series(1, 7) n join borrowable b on b.bin <> n
  ), mixed as (
    select bin, bucket, sum(weight) as weight
    from (
      select bin, bucket, weight from cells
      union all
      select s.bin, c.bucket, c.weight * s.share from shares s join cells c on c.bin = s.source
      union all
      select bin, ratio_bucket(1), 5 from generate_series(1, 7) bin
    ) parts
    group by bin, bucket
  ), reached as (
    select bin, bucket, sum(weight) over (partition by bin order by bucket) / sum(weight) over (partition by bin) as share from mixed
  ), quantiles as (
    select bin, ratio_of_bucket((min(bucket) filter (where share >= 0.5))::integer) as p50,
      ratio_of_bucket((min(bucket) filter (where share >= 0.9))::integer) as p90
    from reached group by bin
  )
  select array_agg(q.p50::real order by q.bin), array_agg(q.p90::real order by q.bin) from quantiles q
$$;
