-- The histogram of some buckets, each counted as often as the other array says; it ends with its last element that is not 0. Nulls among
-- the buckets are left out.
create or replace function histogram_of(p_buckets integer[], p_times integer[]) returns integer[]
language plpgsql immutable as $$
declare
  histogram integer[] := array_fill(0, array[coalesce((select max(b) from unnest(p_buckets) b), 0)]);
begin
  for i in 1 .. coalesce(cardinality(p_buckets), 0) loop
    if p_buckets[i] is not null then
      histogram[p_buckets[i]] := histogram[p_buckets[i]] + p_times[i];
    end if;
  end loop;
  return trim_histogram(histogram);
end $$;
