-- Orders, their lines and everything that ever happened to them.
--
-- What is written with every order declares no foreign keys and few check constraints. place_order and its kin are the only
-- writers: they check what they refer to, which is never deleted. A foreign key would lock, for every order, a row that all
-- orders share; and Postgres parses a table's check constraints anew for every statement, but a domain's once a session.
-- Measured: the foreign keys took a tenth of the time of placing an order, the checks a fifth.

create domain order_status as text check (value in ('pending_payment', 'placed', 'accepted', 'rejected', 'preparing',
  'ready', 'collected', 'uncollected', 'expired', 'cancelled'));
create domain payment_method as text check (value in ('wallet', 'card'));
create domain actor_role as text check (value in ('customer', 'staff', 'manager', 'admin', 'system'));
-- An amount in minor units of a currency.
create domain cents as bigint check (value >= 0);

create table orders (
  id uuid primary key default uuidv7(),
  cafeteria_id uuid not null,
  user_id uuid not null,
  slot_id uuid not null,
  status order_status not null,
  version integer not null default 1,
  total_cents cents not null,
  currency text not null,
  make_seconds integer not null,
  payment_method payment_method not null,
  pickup_at timestamptz not null,
  -- The end of the pick-up window; the collection time-out counts from here.
  pickup_until timestamptz not null,
  promised_at timestamptz not null,
  pickup_date date not null,
  -- As random_pickup_code makes it.
  pickup_code text not null,
  -- Why it was rejected or cancelled.
  reason text,
  -- When the worker moves it on by itself; null when only a person can.
  deadline_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  placed_at timestamptz,
  accepted_at timestamptz,
  started_at timestamptz,
  ready_at timestamptz,
  closed_at timestamptz,
  unique (cafeteria_id, pickup_date, pickup_code)
) with (fillfactor = 80);
create index orders_user on orders (user_id, created_at desc, id desc);
create index orders_user_status on orders (user_id, status, created_at desc, id desc);
create index orders_cafeteria_status on orders (cafeteria_id, status, created_at desc, id desc);
create index orders_cafeteria on orders (cafeteria_id, created_at desc, id desc);
create index orders_status on orders (status, created_at desc);
create index orders_created on orders (created_at desc, id desc);
create index orders_deadline on orders (deadline_at) where deadline_at is not null;

create table order_items (
  id uuid not null default uuidv7(),
  order_id uuid not null,
  position smallint not null,
  product_id uuid not null,
  name text not null,
  quantity integer not null,
  -- With its modifiers.
  unit_price_cents integer not null,
  -- [{ modifier_id, name, price_delta_cents }], as they were when the order was placed.
  modifiers jsonb not null default '[]',
  note text,
  -- Whether the quantity was taken from the product's stock and goes back when the order falls through.
  stock_taken boolean not null,
  primary key (order_id, position)
);

-- History, audit and outbox at once. `version` is the order's version after the event, so an order's events have no gaps.
-- A reader that takes the rows with xid below pg_snapshot_xmin(pg_current_snapshot()), by (xid, id), misses none.
create table order_events (
  id bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  order_id uuid not null,
  cafeteria_id uuid not null,
  version integer not null,
  type text not null,
  -- Null: the system.
  actor_id uuid,
  actor_role actor_role not null,
  reason text,
  request_id text,
  at timestamptz not null default now(),
  unique (order_id, version)
);
create index order_events_position on order_events (xid, id);

create trigger order_events_append_only before update or delete or truncate on order_events
  for each statement execute function refuse_change();

-- The first answer to a key; null while the first call is still under way.
create table idempotency_keys (
  user_id uuid not null,
  key text not null,
  operation text not null,
  request_hash bytea not null,
  subject_id uuid,
  answer jsonb,
  created_at timestamptz not null default now(),
  primary key (user_id, key)
);
create index idempotency_keys_created on idempotency_keys (created_at);
