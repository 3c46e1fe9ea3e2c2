-- One of 32 letters and digits that are not mistaken for one another.
create or replace function random_pickup_letter() returns text
language sql volatile as $$
  select substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + floor(random() * 32)::integer, 1)
$$;
