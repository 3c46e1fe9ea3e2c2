-- Pays an order from its customer's wallet, or refuses with `insufficient_balance`.
create or replace function debit_wallet(o orders, p_payment_id uuid) returns void
language plpgsql as $$
begin
  if o.total_cents = 0 then
    return;
  end if;
  update accounts set balance_cents = balance_cents - o.total_cents
  where id = o.user_id and currency = o.currency and balance_cents >= o.total_cents;
  if not found then
    perform refuse('insufficient_balance', jsonb_build_object('balance_cents',
      coalesce((select balance_cents from accounts where id = o.user_id and currency = o.currency), 0),
      'total_cents', o.total_cents));
  end if;
  insert into entries (debit_account_id, credit_account_id, kind, method, amount_cents, currency, user_id, order_id, payment_id)
  values (o.user_id, o.cafeteria_id, 'payment', 'wallet', o.total_cents, o.currency, o.user_id, o.id, p_payment_id);
end $$;
