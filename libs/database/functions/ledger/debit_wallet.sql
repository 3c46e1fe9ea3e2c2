-- Pays an order from its customer's wallet, or refuses with `insufficient_balance`, or with `wallet_currency_differs` when it holds
-- another currency than the cafeteria's.
create or replace function debit_wallet(o orders, p_payment_id uuid) returns void
language plpgsql as $$
declare
  wallet accounts;
begin
  if o.total_cents = 0 then
    return;
  end if;
  update accounts set balance_cents = balance_cents - o.total_cents
  where id = o.user_id and currency = o.currency and balance_cents >= o.total_cents;
  if not found then
    select * into wallet from accounts where id = o.user_id;
    if wallet.currency <> o.currency then
      perform refuse('wallet_currency_differs', jsonb_build_object('wallet_currency', wallet.currency, 'currency', o.currency));
    end if;
    perform refuse('insufficient_balance', jsonb_build_object('balance_cents', coalesce(wallet.balance_cents, 0),
      'total_cents', o.total_cents));
  end if;
  insert into entries (debit_account_id, credit_account_id, kind, method, amount_cents, currency, user_id, order_id, payment_id)
  values (o.user_id, o.cafeteria_id, 'payment', 'wallet', o.total_cents, o.currency, o.user_id, o.id, p_payment_id);
end $$;
