-- What a payment with a provider is to the customer. The wallet is ours, every other provider takes cards.
create or replace function payment_method_of(p_provider text) returns payment_method
language sql immutable as $$
  select (case p_provider when 'wallet' then 'wallet' else 'card' end)::payment_method
$$;
