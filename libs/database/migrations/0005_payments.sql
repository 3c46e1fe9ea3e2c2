-- Money. Amounts are minor units of `currency`; every entry moves an amount from one account to another, so the
-- books balance by construction. As for orders, domains and functions check what the hot tables hold.

-- A wallet has its owner's id and a cafeteria's sales account the cafeteria's, so neither is looked up.
create table accounts (
  id uuid primary key,
  kind text not null check (kind in ('wallet', 'sales', 'clearing')),
  currency text not null,
  -- Kept for wallets only; other accounts would be hot rows, and their balance is the sum of their entries.
  balance_cents cents check ((kind = 'wallet') = (balance_cents is not null)),
  created_at timestamptz not null default now()
) with (fillfactor = 80);

-- What card providers owe us or have paid out: the other side of every card payment.
create function clearing_account() returns uuid language sql immutable as $$
  select '00000000-0000-7000-8000-000000000001'::uuid
$$;

create function open_sales_account() returns trigger language plpgsql as $$
begin
  insert into accounts (id, kind, currency) values (new.id, 'sales', new.currency);
  return new;
end $$;
create trigger cafeterias_sales_account after insert on cafeterias for each row execute function open_sales_account();

create domain payment_status as text check (value in ('pending', 'unknown', 'authorized', 'capturing', 'captured', 'voiding',
  'voided', 'declined', 'failed'));

create table payments (
  id uuid primary key default uuidv7(),
  -- order or top_up
  purpose text not null,
  -- Null for a top-up.
  order_id uuid,
  user_id uuid not null,
  provider text not null,
  amount_cents cents not null,
  currency text not null,
  -- pending: being authorised; unknown: the provider did not answer; capturing and voiding: decided, the worker
  -- tells the provider; declined: the issuer's no; failed: the provider's or ours.
  status payment_status not null,
  refunded_cents cents not null default 0,
  provider_reference text,
  decline_code text,
  attempts integer not null default 0,
  -- When the worker looks at it again; null when nothing is to be done.
  next_attempt_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint payments_refund_within_amount check (refunded_cents <= amount_cents)
);
create index payments_order on payments (order_id, created_at desc);
create index payments_user on payments (user_id, created_at desc, id desc);
create index payments_next_attempt on payments (next_attempt_at) where next_attempt_at is not null;
create unique index payments_provider_reference on payments (provider, provider_reference) where provider_reference is not null;
-- One order, at most one charge.
create unique index payments_one_per_order on payments (order_id)
  where status in ('pending', 'unknown', 'authorized', 'capturing', 'captured');

create table refunds (
  id uuid primary key default uuidv7(),
  payment_id uuid not null references payments,
  amount_cents bigint not null check (amount_cents > 0),
  reason text not null,
  status text not null check (status in ('pending', 'succeeded', 'failed')),
  provider_reference text,
  requested_by uuid references users,
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index refunds_payment on refunds (payment_id);
create index refunds_next_attempt on refunds (next_attempt_at) where next_attempt_at is not null;

create table entries (
  id uuid primary key default uuidv7(),
  debit_account_id uuid not null,
  credit_account_id uuid not null,
  -- payment, refund or top_up
  kind text not null,
  method payment_method not null,
  amount_cents cents not null,
  currency text not null,
  -- Whose history it belongs to.
  user_id uuid not null,
  order_id uuid,
  payment_id uuid not null,
  refund_id uuid,
  created_at timestamptz not null default now()
);
create index entries_user on entries (user_id, created_at desc, id desc);
-- A payment is booked once, and so is a refund.
create unique index entries_once on entries (payment_id, kind) where kind in ('payment', 'top_up');
create unique index entries_refund_once on entries (refund_id) where refund_id is not null;

create trigger entries_append_only before update or delete or truncate on entries
  for each statement execute function refuse_change();

-- Messages from providers, each handled once.
create table provider_events (
  provider text not null,
  event_id text not null,
  payload jsonb not null,
  received_at timestamptz not null default now(),
  primary key (provider, event_id)
);
create index provider_events_received on provider_events (received_at);

insert into accounts (id, kind, currency) values (clearing_account(), 'clearing', 'XXX');

-- A payment as the API shows it, in snake_case.
create function payment_document(p payments) returns jsonb
language sql immutable as $$
  select jsonb_build_object('id', p.id, 'purpose', p.purpose, 'order_id', p.order_id,
    'method', case p.provider when 'wallet' then 'wallet' else 'card' end, 'provider', p.provider,
    'amount_cents', p.amount_cents, 'currency', p.currency, 'status', p.status, 'refunded_cents', p.refunded_cents,
    'decline_code', p.decline_code, 'created_at', p.created_at, 'updated_at', p.updated_at)
$$;

create function refund_document(r refunds, p payments) returns jsonb
language sql immutable as $$
  select jsonb_build_object('id', r.id, 'payment_id', p.id, 'order_id', p.order_id, 'amount_cents', r.amount_cents,
    'currency', p.currency, 'reason', r.reason, 'status', r.status, 'created_at', r.created_at)
$$;

-- Pays an order from its customer's wallet, or refuses.
create function debit_wallet(o orders, p_payment_id uuid) returns void
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

-- Gives money of an order's payment back: to a wallet at once, to a card through the worker, which books it when the
-- provider has done it. The caller holds the payment's lock.
create function open_refund(p payments, p_cafeteria_id uuid, p_amount_cents bigint, p_reason text, p_requested_by uuid)
returns refunds
language plpgsql as $$
declare
  r refunds;
begin
  insert into refunds (payment_id, amount_cents, reason, status, requested_by, next_attempt_at)
  values (p.id, p_amount_cents, p_reason, case p.provider when 'wallet' then 'succeeded' else 'pending' end, p_requested_by,
    case p.provider when 'wallet' then null else now() end)
  returning * into r;
  update payments set refunded_cents = refunded_cents + p_amount_cents, updated_at = now() where id = p.id;
  if p.provider = 'wallet' then
    update accounts set balance_cents = balance_cents + p_amount_cents where id = p.user_id;
    insert into entries (debit_account_id, credit_account_id, kind, method, amount_cents, currency, user_id, order_id,
      payment_id, refund_id)
    values (p_cafeteria_id, p.user_id, 'refund', 'wallet', p_amount_cents, p.currency, p.user_id, p.order_id, p.id, r.id);
  end if;
  return r;
end $$;
