-- A top-up as the API shows it, in snake_case, with the wallet's present balance.
create or replace function top_up_document(p payments) returns jsonb
language sql stable as $$
  select payment_document(p) || jsonb_build_object('balance_cents', coalesce(
    (select balance_cents from accounts where id = p.user_id), 0))
$$;
