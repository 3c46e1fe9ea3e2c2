-- Four letters and digits: a million codes. Expressions alone, so that Postgres inlines them.
create or replace function random_pickup_code() returns text
language sql volatile as $$
  select random_pickup_letter() || random_pickup_letter() || random_pickup_letter() || random_pickup_letter()
$$;
