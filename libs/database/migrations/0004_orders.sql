-- Orders, their lines and everything that ever happened to them.
--
-- What people, kitchens and products an order refers to is checked by place_order and never deleted, so the hot tables
-- declare no foreign keys to them: each would lock a row that every other order locks too.

create table orders (
  id uuid primary key default uuidv7(),
  cafeteria_id uuid not null,
  user_id uuid not null,
  slot_id uuid not null,
  status text not null check (status in ('pending_payment', 'placed', 'accepted', 'rejected', 'preparing', 'ready',
    'collected', 'uncollected', 'expired', 'cancelled')),
  version integer not null default 1,
  total_cents bigint not null check (total_cents >= 0),
  currency text not null,
  make_seconds integer not null,
  payment_method text not null check (payment_method in ('wallet', 'card')),
  pickup_at timestamptz not null,
  -- The end of the pick-up window; the collection time-out counts from here.
  pickup_until timestamptz not null,
  promised_at timestamptz not null,
  pickup_date date not null,
  pickup_code text not null check (pickup_code ~ '^[2-9A-HJ-NP-Z]{4}$'),
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
  id uuid primary key default uuidv7(),
  order_id uuid not null references orders,
  position smallint not null,
  product_id uuid not null,
  name text not null,
  quantity integer not null check (quantity between 1 and 99),
  -- With its modifiers.
  unit_price_cents integer not null check (unit_price_cents >= 0),
  -- [{ modifier_id, name, price_delta_cents }], as they were when the order was placed.
  modifiers jsonb not null default '[]',
  note text,
  -- Whether the quantity was taken from the product's stock and goes back when the order falls through.
  stock_taken boolean not null
);
create unique index order_items_order on order_items (order_id, position);
create index order_items_product on order_items (product_id);

-- History, audit and outbox at once. `version` is the order's version after the event, so an order's events have no gaps.
-- A reader that takes the rows with xid below pg_snapshot_xmin(pg_current_snapshot()), by (xid, id), misses none.
create table order_events (
  id bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  order_id uuid not null references orders,
  cafeteria_id uuid not null,
  version integer not null,
  type text not null,
  -- Null: the system.
  actor_id uuid,
  actor_role text not null check (actor_role in ('customer', 'staff', 'manager', 'admin', 'system')),
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
