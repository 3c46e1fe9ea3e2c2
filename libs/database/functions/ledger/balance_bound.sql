-- Returns the end of the next part of the books to be checked: the least id such that one of accounts, payments, refunds and orders has
-- `p_rows` ids after `p_after` and not after it. Null when none has so many left, so that the rest is the last part.
create or replace function balance_bound(p_after uuid, p_rows integer) returns uuid
language sql stable as $$
  select least(
    (select id from accounts where id > p_after order by id offset p_rows - 1 limit 1),
    (select id from payments where id > p_after order by id offset p_rows - 1 limit 1),
    (select id from refunds where id > p_after order by id offset p_rows - 1 limit 1),
    (select id from orders where id > p_after order by id offset p_rows - 1 limit 1)
  )
$$;
