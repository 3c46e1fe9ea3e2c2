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
  -- What a new pick-up slot promises. Null make-seconds: the kitchen is not limited by time.
  slot_minutes integer not null default 15 check (slot_minutes in (5, 10, 15, 20, 30, 60)),
  slot_capacity_orders integer not null default 20 check (slot_capacity_orders >= 0),
  slot_capacity_make_seconds integer check (slot_capacity_make_seconds >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);

create table memberships (
  user_id uuid not null references users,
  cafeteria_id uuid not null references cafeterias,
  role text not null check (role in ('staff', 'manager')),
  created_at timestamptz not null default now(),
  primary key (user_id, cafeteria_id)
);
create index memberships_cafeteria on memberships (cafeteria_id, user_id);

-- Weekly hours: when the doors are open, and when orders are taken. Local time, ISO weekdays (1 is Monday);
-- 24:00 is the end of the day, and a night that passes midnight is two rows.
create table opening_hours (
  cafeteria_id uuid not null references cafeterias,
  kind text not null check (kind in ('opening', 'ordering')),
  weekday smallint not null check (weekday between 1 and 7),
  opens time not null,
  closes time not null check (closes > opens),
  primary key (cafeteria_id, kind, weekday, opens)
);

-- A date that differs from the week, for both kinds of hours. No times: closed all day.
create table schedule_exceptions (
  id uuid primary key default uuidv7(),
  cafeteria_id uuid not null references cafeterias,
  date date not null,
  opens time,
  closes time check (closes > opens),
  reason text not null default '',
  created_at timestamptz not null default now(),
  check ((opens is null) = (closes is null)),
  unique (cafeteria_id, date)
);

-- A mealtime limits products to a part of the day (local time); a product without one is served all day.
create table mealtimes (
  id uuid primary key default uuidv7(),
  cafeteria_id uuid not null references cafeterias,
  name text not null,
  starts time not null,
  ends time not null check (ends > starts),
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
  deleted_at timestamptz
) with (fillfactor = 80);
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
