-- One of 32 letters and digits that are not mistaken for one another, by a byte of the server's cryptographic source: random() can be
-- predicted by whoever has seen enough of it. The first byte of a version 4 UUID is wholly random.
create or replace function random_pickup_letter() returns text
language sql volatile as $$
  select substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + (get_byte(uuid_send(gen_random_uuid()), 0) & 31), 1)
$$;
