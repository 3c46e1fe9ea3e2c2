-- The tables, types and indexes of the whole schema. Functions, triggers and views are in libs/database/functions, one file each.
-- A change is a file of its own after this one; libs/database/schema.sql is generated and shows the sum of everything.

-- Finds a part of a text by an index; it comes with Postgres, and the owner of a database may create it.
create extension if not exists pg_trgm;

-- The files of libs/database/migrations that were applied, without `.sql`.
create table schema_migrations (
  name text primary key,
  applied_at timestamptz not null default now()
);

-- What was applied of libs/database/functions: a file is applied again when its digest has changed.
create table function_files (
  -- Path below libs/database.
  file text primary key,
  -- SHA-256 of its text.
  digest bytea not null,
  -- The functions, triggers and views that it made, as `drop` takes them; what no file makes any more is dropped.
  objects text[] not null
);

-- Which programs may run on this schema. Each has a number too, in libs/database/src/migrate/schema-version.ts.
create table schema_version (
  only_row boolean primary key default true check (only_row),
  -- The number of the newest program that has migrated it; set by migrate.
  version integer not null,
  -- Programs with a lower number cannot run on it. Raised by the migration that takes from them what they need, with the first
  -- release that has such a program.
  oldest_program integer not null,
  oldest_release text not null
);
insert into schema_version (version, oldest_program, oldest_release) values (1, 1, '0.1.0');

-- People and what they may do.

create table users (
  id uuid primary key default uuidv7(),
  email text not null unique check (email = lower(email)),
  name text not null,
  password_hash text not null,
  is_admin boolean not null default false,
  -- Grows with every change of what the user may do, here and in memberships; tokens carry it.
  roles_version integer not null default 1,
  -- Null: never.
  roles_changed_at timestamptz,
  locale text not null default 'es',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- Every process polls for the roles that were changed lately.
create index users_roles_changed on users (roles_changed_at) where roles_changed_at is not null;

-- A session is one sign-in on one device; revoking it ends every token that came from it.
create table sessions (
  id uuid primary key default uuidv7(),
  user_id uuid not null references users,
  user_agent text,
  address text,
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index sessions_user on sessions (user_id, created_at desc);
create index sessions_expires on sessions (expires_at);

-- Every process polls every few seconds for what was revoked lately.
create index sessions_revoked on sessions (revoked_at) where revoked_at is not null;

-- Used tokens stay until the session ends, so that their reuse is noticed.
create table refresh_tokens (
  hash bytea primary key,
  session_id uuid not null references sessions on delete cascade,
  created_at timestamptz not null default now(),
  used_at timestamptz
);
create index refresh_tokens_session on refresh_tokens (session_id);

create table audit_log (
  id bigint generated always as identity primary key,
  actor_id uuid references users,
  action text not null,
  subject_type text not null,
  subject_id text not null,
  -- The cafeteria whose managers may read the entry; null for what belongs to none.
  cafeteria_id uuid,
  before jsonb,
  after jsonb,
  request_id text,
  at timestamptz not null default now()
);
create index audit_log_subject on audit_log (subject_id, subject_type, id desc);
create index audit_log_request on audit_log (request_id, id desc) where request_id is not null;
create index audit_log_actor on audit_log (actor_id, id desc);
create index audit_log_cafeteria on audit_log (cafeteria_id, id desc);
create index audit_log_action on audit_log (action, id desc);
create index audit_log_subject_type on audit_log (subject_type, id desc);
-- Finds the ids between which the entries of a time are.
create index audit_log_at on audit_log (at, id);

-- Where, when and what can be ordered.

-- Installation-wide configuration, answered by GET /v1/config.
create table settings (
  key text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);

create table cafeterias (
  id uuid primary key default uuidv7(),
  slug text not null unique,
  name text not null,
  description text not null default '',
  location text not null default '',
  time_zone text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  paused_at timestamptz,
  pause_reason text,
  auto_accept boolean not null default false,
  -- The time-outs of the order state machine, in seconds.
  payment_seconds integer not null default 300 check (payment_seconds between 10 and 3600),
  acceptance_seconds integer not null default 180 check (acceptance_seconds between 10 and 86400),
  collection_seconds integer not null default 2700 check (collection_seconds between 0 and 86400),
  recall_seconds integer not null default 120 check (recall_seconds between 0 and 3600),
  -- How many people cook at once. What waits in the kitchen is divided by it.
  cooks integer not null default 1 check (cooks between 1 and 100),
  -- What a pick-up slot promises; one that is shorter promises its share. Null make-seconds: the kitchen is not limited by time.
  slot_minutes integer not null default 15 check (slot_minutes in (5, 10, 15, 20, 30, 60)),
  slot_capacity_orders integer not null default 20 check (slot_capacity_orders >= 0),
  slot_capacity_make_seconds integer check (slot_capacity_make_seconds >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

-- The time zones of each cafeteria since it was opened. What happened at a moment is counted on the local day of the zone of that
-- moment, so that a change of zone moves nothing that was counted. Written by a trigger on cafeterias.
create table cafeteria_time_zones (
  cafeteria_id uuid not null references cafeterias,
  -- From when on it applies: -infinity for the first.
  since timestamptz not null,
  time_zone text not null,
  primary key (cafeteria_id, since)
);

create table memberships (
  user_id uuid not null references users,
  cafeteria_id uuid not null references cafeterias,
  role text not null check (role in ('staff', 'manager')),
  created_at timestamptz not null default now(),
  primary key (user_id, cafeteria_id)
);
create index memberships_cafeteria on memberships (cafeteria_id, user_id);

-- Somebody is asked by email to become a member, whether or not there is such an account (ADR 20). The rows are kept after the
-- answer, so that a repeated answer is recognised.
create table invitations (
  id uuid primary key default uuidv7(),
  cafeteria_id uuid not null references cafeterias,
  email text not null check (email = lower(email)),
  role text not null check (role in ('staff', 'manager')),
  -- The hash of what the manager hands over: nobody verifies that an account's email address belongs to its owner.
  code_hash bytea not null,
  -- A pending invitation stands only while invitation_stands says so.
  status text not null default 'pending' check (status in ('pending', 'accepted', 'declined', 'withdrawn')),
  invited_by uuid not null references users,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create unique index invitations_pending on invitations (cafeteria_id, email) where status = 'pending';
create index invitations_email on invitations (email, id desc);
create index invitations_expires on invitations (expires_at);

-- Weekly hours: when the doors are open, and when orders are taken. Local time, ISO weekdays (1 is Monday); 24:00 is the end of
-- the day, and what does not close after it opens closes on the next day. hours_of_dates says what they mean.
create table opening_hours (
  cafeteria_id uuid not null references cafeterias,
  kind text not null check (kind in ('opening', 'ordering')),
  weekday smallint not null check (weekday between 1 and 7),
  opens time not null,
  closes time not null check (closes <> opens),
  primary key (cafeteria_id, kind, weekday, opens)
);

-- A date that differs from the week, for both kinds of hours, with the night that begins on it. No times: closed.
create table schedule_exceptions (
  id uuid primary key default uuidv7(),
  cafeteria_id uuid not null references cafeterias,
  date date not null,
  opens time,
  closes time check (closes <> opens),
  reason text not null default '',
  created_at timestamptz not null default now(),
  check ((opens is null) = (closes is null)),
  unique (cafeteria_id, date)
);

-- A mealtime limits products to a part of the day or night (local time; one that does not end after it starts ends on the next
-- day); a product without one is served all day.
create table mealtimes (
  id uuid primary key default uuidv7(),
  cafeteria_id uuid not null references cafeterias,
  name text not null,
  starts time not null,
  ends time not null check (ends <> starts),
  unique (cafeteria_id, name)
);

create table categories (
  id uuid primary key default uuidv7(),
  cafeteria_id uuid not null references cafeterias,
  name text not null,
  position integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
create index categories_cafeteria on categories (cafeteria_id, position, id) where deleted_at is null;

create table products (
  id uuid primary key default uuidv7(),
  cafeteria_id uuid not null references cafeterias,
  category_id uuid not null references categories,
  mealtime_id uuid references mealtimes,
  name text not null,
  description text not null default '',
  price_cents integer not null check (price_cents between 0 and 10000000),
  make_seconds integer not null check (make_seconds between 0 and 7200),
  allergens text[] not null default '{}',
  dietary_tags text[] not null default '{}',
  image_url text,
  position integer not null default 0,
  available boolean not null default true,
  -- Null: not counted. Orders decrement it, and at 0 the product is out of stock.
  stock_quantity integer check (stock_quantity >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  -- What searches look into: the function `searchable` of the name and the description, on lines of their own. It is written out,
  -- because what is stored must not change when a function does. Every Postgres has this collation, whatever its libraries.
  search_text text not null generated always as (
    replace(replace(translate(casefold(
      regexp_replace(normalize(name || E'\n' || description, NFKD), '[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]', '', 'g')
      collate pg_unicode_fast), 'øđðłħŧı', 'oddlhti'), 'æ', 'ae'), 'œ', 'oe')
  ) stored
) with (fillfactor = 80);
create index products_search on products using gin (search_text gin_trgm_ops) where deleted_at is null;
create index products_cafeteria on products (cafeteria_id, category_id, position, id) where deleted_at is null;
create index products_category on products (category_id);

create table modifier_groups (
  id uuid primary key default uuidv7(),
  cafeteria_id uuid not null references cafeterias,
  name text not null,
  min_select smallint not null default 0 check (min_select >= 0),
  max_select smallint not null default 1 check (max_select >= greatest(min_select, 1)),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
create index modifier_groups_cafeteria on modifier_groups (cafeteria_id) where deleted_at is null;

create table modifiers (
  id uuid primary key default uuidv7(),
  group_id uuid not null references modifier_groups,
  name text not null,
  price_delta_cents integer not null default 0 check (price_delta_cents between -1000000 and 1000000),
  available boolean not null default true,
  position integer not null default 0,
  deleted_at timestamptz
);
create index modifiers_group on modifiers (group_id, position);

-- One group ("Milk") serves many products.
create table product_modifier_groups (
  product_id uuid not null references products,
  group_id uuid not null references modifier_groups,
  position integer not null default 0,
  primary key (product_id, group_id)
);
create index product_modifier_groups_group on product_modifier_groups (group_id);

-- A number per cafeteria that grows with every committed change of what customers see of it: the cafeteria itself, hours,
-- categories, products, what to choose from, mealtimes, and which pick-up slots there are. Whoever holds a lower number
-- holds something old. A transaction raises it once, and raising it is serialised, so numbers come in the order of commits.
--
-- Not counted is what orders use up: how many of a product are left (unless it comes to 0, or back), and how much of a slot.
-- It would have all orders of a cafeteria wait for one row; the number shown is that of the moment of reading.
-- `settings` belong to no cafeteria and have no version.
create table catalogue_versions (
  cafeteria_id uuid primary key,
  version bigint not null default 1,
  -- The transaction that gave it.
  xid xid8 not null default pg_current_xact_id(),
  changed_at timestamptz not null default now()
) with (fillfactor = 50);

-- What customers order most, recalculated hourly by the worker: one row per cafeteria, most ordered first.
create table top_products (
  cafeteria_id uuid primary key references cafeterias,
  calculated_at timestamptz not null,
  product_ids uuid[] not null,
  -- How many of each were sold within the days that were counted.
  quantities bigint[] not null check (cardinality(quantities) = cardinality(product_ids))
);

-- A count or a number of seconds. A domain, because Postgres parses a table's check constraints anew for every statement,
-- and every order writes a slot.
create domain quantity as integer check (value >= 0);

-- Pick-up slots: what a kitchen has promised, and how much more it can.
create table pickup_slots (
  id uuid primary key default uuidv7(),
  cafeteria_id uuid not null references cafeterias,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  capacity_orders quantity not null,
  -- Null: not limited by time.
  capacity_make_seconds quantity,
  reserved_orders quantity not null default 0,
  reserved_make_seconds quantity not null default 0,
  closed boolean not null default false,
  unique (cafeteria_id, starts_at)
) with (fillfactor = 50);

-- Orders, their lines and everything that ever happened to them.
--
-- What is written with every order declares no foreign keys and few check constraints. place_order and its kin are the only
-- writers: they check what they refer to, which is never deleted. A foreign key would lock, for every order, a row that all
-- orders share; and Postgres parses a table's check constraints anew for every statement, but a domain's once a session.
-- Measured: the foreign keys took a tenth of the time of placing an order, the checks a fifth.
--
-- Tables that grow all day and are read at one end are vacuumed after a fiftieth of new or dead rows instead of a fifth, so that
-- queries for deadlines, due payments and events without a number do not read what is over.

create domain order_status as text check (value in ('pending_payment', 'placed', 'accepted', 'rejected', 'preparing',
  'ready', 'collected', 'uncollected', 'expired', 'cancelled'));

create domain payment_method as text check (value in ('wallet', 'card'));

-- Whether an order was wanted as soon as possible or in a slot that its customer chose.
create domain pickup_kind as text check (value in ('asap', 'slot'));

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
  -- What was ordered before this was kept counts as a slot.
  pickup_kind pickup_kind not null default 'slot',
  pickup_at timestamptz not null,
  -- The end of the pick-up window; the collection time-out counts from here.
  pickup_until timestamptz not null,
  promised_at timestamptz not null,
  -- From when on the kitchen works on it, and other orders wait for it: at once, or so that it is ready when its slot begins.
  begin_at timestamptz not null default now(),
  -- How long after begin_at it would be ready by its make time and the kitchen's queue alone. Null when the promise did not depend on
  -- it, because the slot begins later.
  naive_seconds integer,
  pickup_date date not null,
  -- What the order is called, by everyone who sees it; made by random_order_number.
  number integer not null,
  -- What only the customer is told, and shows to get the order; made by random_pickup_code.
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
  -- The lines as the API shows them, in JSON. They never change, and reading them from order_items and writing them anew for
  -- every answer took two fifths of the time of a list of twenty orders. It is text, because it is only ever sent: json would
  -- be copied twice on its way.
  items text not null,
  unique (cafeteria_id, pickup_date, number)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
-- Most orders end as collected, and leave the indexes by status then, which stay small: those lists read what is newest, and pass over
-- the few of other statuses (ADR 23). Where a cafeteria collects nothing, they are passed over without their rows being read.
create index orders_user on orders (user_id, created_at desc, id desc);
create index orders_cafeteria on orders (cafeteria_id, created_at desc, id desc) include (status);
create index orders_created on orders (created_at desc, id desc);
create index orders_user_status on orders (user_id, status, created_at desc, id desc) where status <> 'collected';
create index orders_cafeteria_status on orders (cafeteria_id, status, created_at desc, id desc) where status <> 'collected';
create index orders_status on orders (status, created_at desc, id desc) where status <> 'collected';
create index orders_deadline on orders (deadline_at) where deadline_at is not null;
-- What waits in a kitchen (kitchen_queue), which every order for now reads.
create index orders_kitchen on orders (cafeteria_id, begin_at) include (make_seconds)
  where status in ('placed', 'accepted', 'preparing');

create table order_items (
  id uuid not null default uuidv7(),
  order_id uuid not null,
  position smallint not null,
  product_id uuid not null,
  name text not null,
  quantity integer not null,
  -- The product's price with its modifiers.
  unit_price_cents integer not null,
  -- [{ modifier_id, name, price_delta_cents }], as they were when the order was placed.
  modifiers jsonb not null,
  note text,
  -- Whether the quantity was taken from the product's stock and goes back when the order falls through.
  stock_taken boolean not null,
  primary key (order_id, position)
);

-- What an order would cost, and when it would be ready. A quote takes nothing; an order that names it gets its promise, once (claim_quote).
create table quotes (
  id uuid primary key default uuidv7(),
  user_id uuid not null,
  cafeteria_id uuid not null,
  -- The slot in which the promised time is.
  slot_id uuid not null,
  -- What was asked for, as quote_digest has it.
  digest bytea not null,
  total_cents cents not null,
  promised_at timestamptz not null,
  -- As in orders: by make time and queue alone, so many seconds after created_at.
  naive_seconds integer,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
) with (autovacuum_vacuum_scale_factor = 0.02);
create index quotes_expires on quotes (expires_at);

-- What was learnt of how long a kitchen takes (ADR 24). learn_promises writes both tables, and nothing else does.

-- How the times that orders took compare with what make times and queue alone had said, by how long the queue was (load_bin). Element n
-- counts ratios around ratio_of_bucket(n); what was counted earlier weighs less.
create table promise_ratios (
  cafeteria_id uuid not null,
  load_bin smallint not null,
  weights real[] not null,
  primary key (cafeteria_id, load_bin)
) with (fillfactor = 50);

-- What placing reads of it, so that it is one look-up.
create table promise_models (
  cafeteria_id uuid primary key,
  -- Orders that were learnt from.
  learnt bigint not null,
  -- How much longer than p90 is promised, as a power of e, so that nine of ten promises are kept whatever changes.
  theta double precision not null,
  -- Within which multiple of the naive time half and nine tenths of the orders were ready: element n is of load bin n.
  p50 real[] not null,
  p90 real[] not null,
  updated_at timestamptz not null default now()
) with (fillfactor = 50);

-- The log of what happened: history, audit and outbox at once. `type` names a contract of libs/events, which says what `data` holds.
-- An event that moves an order has the order's version after it, so an order's moves have no gaps; other events have no version.
-- A reader that takes the rows with xid below pg_snapshot_xmin(pg_current_snapshot()), by (xid, id), misses none.
create table events (
  id bigint generated always as identity primary key,
  xid xid8 not null default pg_current_xact_id(),
  type text not null,
  -- Null for what belongs to no cafeteria, as a wallet does.
  cafeteria_id uuid,
  order_id uuid,
  version integer,
  -- Null: the system.
  actor_id uuid,
  actor_role actor_role not null,
  reason text,
  -- The request in which it happened, if there was one. For a request that is traced a space and its traceparent (W3C) follow, so that the
  -- trace goes on in whoever reads the event.
  request_id text,
  -- What only events of this type have; null when that is nothing.
  data jsonb,
  at timestamptz not null default now()
) with (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
create index events_position on events (xid, id);
create unique index events_version on events (order_id, version) where version is not null;
-- Among the other events of an order, only the authorisation of a payment is looked for.
create index events_authorized on events (order_id) where type = 'payment.authorized';

-- How far each consumer has come in the log: to this event, by (xid, id).
create table event_positions (
  consumer text primary key,
  xid xid8 not null,
  event_id bigint not null,
  -- Events beyond the position that were handled already; only the feed handles events out of order.
  ahead bigint[] not null default '{}',
  updated_at timestamptz not null default now()
) with (fillfactor = 50);

-- Any other consumer gets its row when a worker first runs it.
insert into event_positions (consumer, xid, event_id) values ('feed', '0', 0);

-- The first answer to a key; null while the first call is still under way.
create table idempotency_keys (
  user_id uuid not null,
  key text not null,
  operation text not null,
  request_hash bytea not null,
  subject_id uuid,
  -- Sent as it is kept: no reader asks what is inside.
  answer json,
  created_at timestamptz not null default now(),
  primary key (user_id, key)
) with (autovacuum_vacuum_scale_factor = 0.02);
create index idempotency_keys_created on idempotency_keys (created_at);

-- Money. Amounts are minor units of `currency`; every entry moves an amount from one account to another, so the
-- books balance by construction. As for orders, domains and functions check what the hot tables hold.

-- A wallet has its owner's id and a cafeteria's sales account the cafeteria's, so finding either takes no query.
create table accounts (
  id uuid primary key,
  kind text not null check (kind in ('wallet', 'sales', 'clearing')),
  currency text not null,
  -- Kept for wallets only; other accounts would be hot rows, and their balance is the sum of their entries.
  balance_cents cents check ((kind = 'wallet') = (balance_cents is not null)),
  created_at timestamptz not null default now()
) with (fillfactor = 80);

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
  -- pending: being authorised; unknown: the provider did not answer; capturing and voiding: decided, and the worker
  -- asks the provider for it; declined: refused by the issuer; failed: refused by the provider, or failed here.
  status payment_status not null,
  refunded_cents cents not null default 0,
  provider_reference text,
  decline_code text,
  attempts integer not null default 0,
  -- When the worker claims it next; null when nothing is to be done.
  next_attempt_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint payments_refund_within_amount check (refunded_cents <= amount_cents)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
create index payments_order on payments (order_id, created_at desc);
-- Finds the currency of a wallet that was never credited.
create index payments_top_up on payments (user_id) where purpose = 'top_up';
create index payments_next_attempt on payments (provider, next_attempt_at) where next_attempt_at is not null;
create unique index payments_provider_reference on payments (provider, provider_reference) where provider_reference is not null;

-- An order has at most one charge.
create unique index payments_one_per_order on payments (order_id)
  where status in ('pending', 'unknown', 'authorized', 'capturing', 'captured');

create table refunds (
  id uuid primary key default uuidv7(),
  payment_id uuid not null references payments,
  amount_cents bigint not null check (amount_cents > 0),
  -- The lines that were given back, [{ item_id, quantity, amount_cents }]; null for a refund by amount.
  items jsonb,
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
  id uuid not null default uuidv7(),
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
  created_at timestamptz not null default now(),
  -- In the order of a user's history, because entries are read in no other: a key of the id alone would be one more index.
  primary key (user_id, created_at, id)
);

-- A payment is booked once, and so is a refund.
create unique index entries_once on entries (payment_id) where kind in ('payment', 'top_up');
create unique index entries_refund_once on entries (refund_id) where refund_id is not null;

-- Messages from providers, each handled once.
create table provider_events (
  provider text not null,
  event_id text not null,
  payload jsonb not null,
  received_at timestamptz not null default now(),
  primary key (provider, event_id)
);
create index provider_events_received on provider_events (received_at);

-- Its id is what clearing_account() returns.
insert into accounts (id, kind, currency) values ('00000000-0000-7000-8000-000000000001', 'clearing', 'XXX');

-- The feed: every move of a cafeteria's orders under a number, without gaps, in an order that never changes. Whoever holds
-- number n asks for what came after n and misses nothing. Written by sequence_events only.

create table feed (
  cafeteria_id uuid not null,
  seq bigint not null,
  event_id bigint not null unique,
  primary key (cafeteria_id, seq)
);

-- The newest number of each feed, which outlives the rows of old numbers.
create table feed_heads (
  cafeteria_id uuid primary key,
  seq bigint not null,
  -- The oldest number that is kept, or the next one to be given when none is. What happened stays in the log; only "what
  -- came after n" is not answered for an n that is too old.
  first_seq bigint not null default 1
) with (fillfactor = 50);

-- Rollups: sums of the log from which analytics answers, so that its cost does not grow with history. roll_up writes them, event by
-- event in one transaction with its position, and nothing else does; `rebuildRollups` of libs/database makes them anew. Everything is counted on the
-- local day, in the cafeteria's time zone of that moment, on which it happened: an order that is cancelled after midnight was placed
-- on one day and is lost on the next. Only rollup_statuses counts on the day of the order.
--
-- Money is whole cents of the cafeteria's currency. Counts are integers that may be negative for a moment, when the log gives the
-- later of two moves first.

create table rollup_hours (
  cafeteria_id uuid not null,
  day date not null,
  -- The instant at which the hour begins. An hour that clocks show twice is two rows.
  hour timestamptz not null,
  -- What the hour hand shows, 0 to 23. Lord Howe's clocks change by half an hour, so two rows of a day may have the same.
  local_hour smallint not null,
  -- Orders that were placed: paid, or authorised.
  placed integer not null,
  -- Those of them that were wanted as soon as possible; the others chose a slot.
  asap integer not null,
  -- The units of placed orders, all lines together.
  items integer not null,
  -- The totals of placed orders; nothing is subtracted.
  gross_cents bigint not null,
  -- Placed orders that were rejected, by staff or because nobody answered, and those that were cancelled.
  rejected integer not null,
  cancelled integer not null,
  -- The totals of both.
  lost_cents bigint not null,
  -- Orders that were never placed: cancelled before they were paid, and not paid in time.
  abandoned integer not null,
  expired integer not null,
  -- Orders that became ready; one that is recalled counts only once it is ready again.
  ready integer not null,
  -- From the first start of their preparation to ready, in whole seconds.
  make_seconds bigint not null,
  -- Ready orders that kept their promise: ready at the promised time or before.
  kept integer not null,
  -- By how many whole seconds the others were late, and these early.
  late_seconds bigint not null,
  early_seconds bigint not null,
  -- The same three of the promise that make times and the queue alone would have made, without anything learnt.
  naive_kept integer not null,
  naive_late_seconds bigint not null,
  naive_early_seconds bigint not null,
  collected integer not null,
  -- Ready orders that nobody collected in time.
  uncollected integer not null,
  primary key (cafeteria_id, day, hour, local_hour)
) with (fillfactor = 50);

create table rollup_days (
  cafeteria_id uuid not null,
  day date not null,
  -- As in rollup_hours.
  placed integer not null default 0,
  asap integer not null default 0,
  items integer not null default 0,
  gross_cents bigint not null default 0,
  rejected integer not null default 0,
  cancelled integer not null default 0,
  lost_cents bigint not null default 0,
  abandoned integer not null default 0,
  expired integer not null default 0,
  ready integer not null default 0,
  make_seconds bigint not null default 0,
  kept integer not null default 0,
  late_seconds bigint not null default 0,
  early_seconds bigint not null default 0,
  naive_kept integer not null default 0,
  naive_late_seconds bigint not null default 0,
  naive_early_seconds bigint not null default 0,
  collected integer not null default 0,
  uncollected integer not null default 0,
  -- How many customers placed an order: a visit is a customer and a day, so sums over days are visits.
  customers integer not null default 0,
  -- How many of them had never placed one at this cafeteria; the others return.
  new_customers integer not null default 0,
  -- Histograms of the ready orders: of their make time, and of how late or early they were. The n-th element counts durations around
  -- duration_of_bucket(n) seconds (duration_bucket); an array ends with its last element that is not 0. Histograms are added element by
  -- element.
  make integer[] not null default '{}',
  late integer[] not null default '{}',
  early integer[] not null default '{}',
  primary key (cafeteria_id, day)
) with (fillfactor = 50);

create table rollup_products (
  cafeteria_id uuid not null,
  day date not null,
  product_id uuid not null,
  -- Units of placed orders, and their price with modifiers.
  quantity integer not null,
  cents bigint not null,
  -- Units of placed orders that were rejected or cancelled, and their price, on the day on which that happened.
  lost_quantity integer not null,
  lost_cents bigint not null,
  -- `quantity` by hour of day: the element n + 1 is what the hour hand shows as n, at most 32,767.
  hours smallint[] not null,
  primary key (cafeteria_id, day, product_id)
) with (fillfactor = 50);

-- How many orders of a day are in each status now. The day is that on which the order was created.
create table rollup_statuses (
  cafeteria_id uuid not null,
  day date not null,
  status order_status not null,
  orders integer not null,
  primary key (cafeteria_id, day, status)
) with (fillfactor = 50);

-- authorized, declined (by the issuer) and failed (before anything was authorised, through no fault of the customer's): the answers to
-- attempts to pay by card. captured: the money came, also from a wallet; capture_failed and voided: it was authorised and never came.
-- refunded and refund_failed: it went back, or could not.
create domain payment_outcome as text check (value in ('authorized', 'declined', 'failed', 'captured', 'capture_failed', 'voided',
  'refunded', 'refund_failed'));

-- What became of the payments of orders, on the day on which it did. Top-ups belong to no cafeteria, and free orders have no payment.
create table rollup_payments (
  cafeteria_id uuid not null,
  day date not null,
  method payment_method not null,
  outcome payment_outcome not null,
  -- How many payments or, where it says so, refunds.
  payments integer not null,
  cents bigint not null,
  primary key (cafeteria_id, day, method, outcome)
) with (fillfactor = 50);

-- Who placed orders where. The days and the time are infinite for a moment, when the log gives a loss before the order that was lost.
create table customers (
  cafeteria_id uuid not null,
  user_id uuid not null,
  first_day date not null,
  last_day date not null,
  last_at timestamptz not null,
  -- All orders that were placed, and their totals.
  orders integer not null,
  cents bigint not null,
  -- Those of them that were rejected or cancelled.
  lost_orders integer not null,
  lost_cents bigint not null,
  -- By customer first, because their summary reads all of their cafeterias.
  primary key (user_id, cafeteria_id)
) with (fillfactor = 50);
