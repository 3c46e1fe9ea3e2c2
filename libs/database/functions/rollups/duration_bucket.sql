-- The element of a histogram that counts a duration: 1 for up to a second, and each further one reaches 5% further. Whatever is read from
-- it is within 2.5% of the truth, and histograms of several days are added element by element.
create or replace function duration_bucket(p_seconds double precision) returns integer
language sql immutable as $$
  select 1 + ceil(ln(greatest(p_seconds, 1)) / ln(1.05::double precision))::integer
$$;
