-- Four letters and digits: a million codes. It is one expression, so that Postgres inlines it.
create or replace function random_pickup_code() returns text
language sql volatile as $$
  select random_pickup_letter() || random_pickup_letter() || random_pickup_letter() || random_pickup_letter()
$$;
