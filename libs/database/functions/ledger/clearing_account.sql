-- The account of what card providers owe us or have paid out, which is the other side of every card payment.
create or replace function clearing_account() returns uuid language sql immutable as $$
  select '00000000-0000-7000-8000-000000000001'::uuid
$$;
