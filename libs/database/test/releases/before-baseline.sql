-- The schema of the 22 files that were there before migrations/0001_baseline.sql, with a few orders, payments, refunds and top-ups.
SET check_function_bodies = off;

CREATE DOMAIN actor_role AS text
  CONSTRAINT actor_role_check CHECK (VALUE = ANY (ARRAY['customer'::text, 'staff'::text, 'manager'::text, 'admin'::text, 'system'::text]));

CREATE DOMAIN cents AS bigint
  CONSTRAINT cents_check CHECK (VALUE >= 0);

CREATE DOMAIN order_status AS text
  CONSTRAINT order_status_check CHECK (VALUE = ANY (ARRAY['pending_payment'::text, 'placed'::text, 'accepted'::text, 'rejected'::text, 'preparing'::text, 'ready'::text, 'collected'::text, 'uncollected'::text, 'expired'::text, 'cancelled'::text]));

CREATE DOMAIN payment_method AS text
  CONSTRAINT payment_method_check CHECK (VALUE = ANY (ARRAY['wallet'::text, 'card'::text]));

CREATE DOMAIN payment_status AS text
  CONSTRAINT payment_status_check CHECK (VALUE = ANY (ARRAY['pending'::text, 'unknown'::text, 'authorized'::text, 'capturing'::text, 'captured'::text, 'voiding'::text, 'voided'::text, 'declined'::text, 'failed'::text]));

CREATE DOMAIN quantity AS integer
  CONSTRAINT quantity_check CHECK (VALUE >= 0);

CREATE TABLE accounts (
  id uuid NOT NULL,
  kind text NOT NULL,
  currency text NOT NULL,
  balance_cents cents,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT accounts_pkey PRIMARY KEY (id),
  CONSTRAINT accounts_check CHECK ((kind = 'wallet'::text) = (balance_cents IS NOT NULL)),
  CONSTRAINT accounts_kind_check CHECK (kind = ANY (ARRAY['wallet'::text, 'sales'::text, 'clearing'::text]))
) WITH (fillfactor=80);

CREATE TABLE users (
  id uuid DEFAULT uuidv7() NOT NULL,
  email text NOT NULL,
  name text NOT NULL,
  password_hash text NOT NULL,
  is_admin boolean DEFAULT false NOT NULL,
  locale text DEFAULT 'es'::text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT users_pkey PRIMARY KEY (id),
  CONSTRAINT users_email_key UNIQUE (email),
  CONSTRAINT users_email_check CHECK (email = lower(email))
);

CREATE TABLE audit_log (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  actor_id uuid,
  action text NOT NULL,
  subject_type text NOT NULL,
  subject_id text NOT NULL,
  before jsonb,
  after jsonb,
  request_id text,
  at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT audit_log_pkey PRIMARY KEY (id),
  CONSTRAINT audit_log_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES users(id)
);
CREATE INDEX audit_log_actor ON audit_log USING btree (actor_id, id DESC);
CREATE INDEX audit_log_subject ON audit_log USING btree (subject_type, subject_id, id DESC);

CREATE TABLE cafeterias (
  id uuid DEFAULT uuidv7() NOT NULL,
  slug text NOT NULL,
  name text NOT NULL,
  description text DEFAULT ''::text NOT NULL,
  location text DEFAULT ''::text NOT NULL,
  time_zone text NOT NULL,
  currency text NOT NULL,
  paused_at timestamp with time zone,
  pause_reason text,
  auto_accept boolean DEFAULT false NOT NULL,
  payment_seconds integer DEFAULT 300 NOT NULL,
  acceptance_seconds integer DEFAULT 180 NOT NULL,
  collection_seconds integer DEFAULT 2700 NOT NULL,
  recall_seconds integer DEFAULT 120 NOT NULL,
  slot_minutes integer DEFAULT 15 NOT NULL,
  slot_capacity_orders integer DEFAULT 20 NOT NULL,
  slot_capacity_make_seconds integer,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  deleted_at timestamp with time zone,
  CONSTRAINT cafeterias_pkey PRIMARY KEY (id),
  CONSTRAINT cafeterias_slug_key UNIQUE (slug),
  CONSTRAINT cafeterias_acceptance_seconds_check CHECK (acceptance_seconds >= 10 AND acceptance_seconds <= 86400),
  CONSTRAINT cafeterias_collection_seconds_check CHECK (collection_seconds >= 0 AND collection_seconds <= 86400),
  CONSTRAINT cafeterias_currency_check CHECK (currency ~ '^[A-Z]{3}$'::text),
  CONSTRAINT cafeterias_payment_seconds_check CHECK (payment_seconds >= 10 AND payment_seconds <= 3600),
  CONSTRAINT cafeterias_recall_seconds_check CHECK (recall_seconds >= 0 AND recall_seconds <= 3600),
  CONSTRAINT cafeterias_slot_capacity_make_seconds_check CHECK (slot_capacity_make_seconds >= 0),
  CONSTRAINT cafeterias_slot_capacity_orders_check CHECK (slot_capacity_orders >= 0),
  CONSTRAINT cafeterias_slot_minutes_check CHECK (slot_minutes = ANY (ARRAY[5, 10, 15, 20, 30, 60]))
);

CREATE TABLE catalogue_versions (
  cafeteria_id uuid NOT NULL,
  version bigint DEFAULT 1 NOT NULL,
  xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
  changed_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT catalogue_versions_pkey PRIMARY KEY (cafeteria_id)
) WITH (fillfactor=50);

CREATE TABLE categories (
  id uuid DEFAULT uuidv7() NOT NULL,
  cafeteria_id uuid NOT NULL,
  name text NOT NULL,
  "position" integer DEFAULT 0 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  deleted_at timestamp with time zone,
  CONSTRAINT categories_pkey PRIMARY KEY (id),
  CONSTRAINT categories_cafeteria_id_fkey FOREIGN KEY (cafeteria_id) REFERENCES cafeterias(id)
);
CREATE INDEX categories_cafeteria ON categories USING btree (cafeteria_id, "position", id) WHERE deleted_at IS NULL;

CREATE TABLE entries (
  id uuid DEFAULT uuidv7() NOT NULL,
  debit_account_id uuid NOT NULL,
  credit_account_id uuid NOT NULL,
  kind text NOT NULL,
  method payment_method NOT NULL,
  amount_cents cents NOT NULL,
  currency text NOT NULL,
  user_id uuid NOT NULL,
  order_id uuid,
  payment_id uuid NOT NULL,
  refund_id uuid,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT entries_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX entries_once ON entries USING btree (payment_id, kind) WHERE kind = ANY (ARRAY['payment'::text, 'top_up'::text]);
CREATE UNIQUE INDEX entries_refund_once ON entries USING btree (refund_id) WHERE refund_id IS NOT NULL;
CREATE INDEX entries_user ON entries USING btree (user_id, created_at DESC, id DESC);

CREATE TABLE feed (
  cafeteria_id uuid NOT NULL,
  seq bigint NOT NULL,
  event_id bigint NOT NULL,
  CONSTRAINT feed_pkey PRIMARY KEY (cafeteria_id, seq),
  CONSTRAINT feed_event_id_key UNIQUE (event_id)
);

CREATE TABLE feed_heads (
  cafeteria_id uuid NOT NULL,
  seq bigint NOT NULL,
  first_seq bigint DEFAULT 1 NOT NULL,
  CONSTRAINT feed_heads_pkey PRIMARY KEY (cafeteria_id)
) WITH (fillfactor=50);

CREATE TABLE feed_position (
  only_row boolean DEFAULT true NOT NULL,
  xid xid8 NOT NULL,
  event_id bigint NOT NULL,
  ahead bigint[] DEFAULT '{}'::bigint[] NOT NULL,
  CONSTRAINT feed_position_pkey PRIMARY KEY (only_row),
  CONSTRAINT feed_position_only_row_check CHECK (only_row)
) WITH (fillfactor=50);

CREATE TABLE idempotency_keys (
  user_id uuid NOT NULL,
  key text NOT NULL,
  operation text NOT NULL,
  request_hash bytea NOT NULL,
  subject_id uuid,
  answer json,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, key)
) WITH (autovacuum_vacuum_scale_factor=0.02);
CREATE INDEX idempotency_keys_created ON idempotency_keys USING btree (created_at);

CREATE TABLE kysely_migration (
  name character varying(255) NOT NULL,
  "timestamp" character varying(255) NOT NULL,
  CONSTRAINT kysely_migration_pkey PRIMARY KEY (name)
);

CREATE TABLE kysely_migration_lock (
  id character varying(255) NOT NULL,
  is_locked integer DEFAULT 0 NOT NULL,
  CONSTRAINT kysely_migration_lock_pkey PRIMARY KEY (id)
);

CREATE TABLE mealtimes (
  id uuid DEFAULT uuidv7() NOT NULL,
  cafeteria_id uuid NOT NULL,
  name text NOT NULL,
  starts time without time zone NOT NULL,
  ends time without time zone NOT NULL,
  CONSTRAINT mealtimes_pkey PRIMARY KEY (id),
  CONSTRAINT mealtimes_cafeteria_id_name_key UNIQUE (cafeteria_id, name),
  CONSTRAINT mealtimes_check CHECK (ends > starts),
  CONSTRAINT mealtimes_cafeteria_id_fkey FOREIGN KEY (cafeteria_id) REFERENCES cafeterias(id)
);

CREATE TABLE memberships (
  user_id uuid NOT NULL,
  cafeteria_id uuid NOT NULL,
  role text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT memberships_pkey PRIMARY KEY (user_id, cafeteria_id),
  CONSTRAINT memberships_role_check CHECK (role = ANY (ARRAY['staff'::text, 'manager'::text])),
  CONSTRAINT memberships_cafeteria_id_fkey FOREIGN KEY (cafeteria_id) REFERENCES cafeterias(id),
  CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX memberships_cafeteria ON memberships USING btree (cafeteria_id, user_id);

CREATE TABLE modifier_groups (
  id uuid DEFAULT uuidv7() NOT NULL,
  cafeteria_id uuid NOT NULL,
  name text NOT NULL,
  min_select smallint DEFAULT 0 NOT NULL,
  max_select smallint DEFAULT 1 NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  deleted_at timestamp with time zone,
  CONSTRAINT modifier_groups_pkey PRIMARY KEY (id),
  CONSTRAINT modifier_groups_check CHECK (max_select >= GREATEST(min_select::integer, 1)),
  CONSTRAINT modifier_groups_min_select_check CHECK (min_select >= 0),
  CONSTRAINT modifier_groups_cafeteria_id_fkey FOREIGN KEY (cafeteria_id) REFERENCES cafeterias(id)
);
CREATE INDEX modifier_groups_cafeteria ON modifier_groups USING btree (cafeteria_id) WHERE deleted_at IS NULL;

CREATE TABLE modifiers (
  id uuid DEFAULT uuidv7() NOT NULL,
  group_id uuid NOT NULL,
  name text NOT NULL,
  price_delta_cents integer DEFAULT 0 NOT NULL,
  available boolean DEFAULT true NOT NULL,
  "position" integer DEFAULT 0 NOT NULL,
  deleted_at timestamp with time zone,
  CONSTRAINT modifiers_pkey PRIMARY KEY (id),
  CONSTRAINT modifiers_price_delta_cents_check CHECK (price_delta_cents >= '-1000000'::integer AND price_delta_cents <= 1000000),
  CONSTRAINT modifiers_group_id_fkey FOREIGN KEY (group_id) REFERENCES modifier_groups(id)
);
CREATE INDEX modifiers_group ON modifiers USING btree (group_id, "position");

CREATE TABLE opening_hours (
  cafeteria_id uuid NOT NULL,
  kind text NOT NULL,
  weekday smallint NOT NULL,
  opens time without time zone NOT NULL,
  closes time without time zone NOT NULL,
  CONSTRAINT opening_hours_pkey PRIMARY KEY (cafeteria_id, kind, weekday, opens),
  CONSTRAINT opening_hours_check CHECK (closes > opens),
  CONSTRAINT opening_hours_kind_check CHECK (kind = ANY (ARRAY['opening'::text, 'ordering'::text])),
  CONSTRAINT opening_hours_weekday_check CHECK (weekday >= 1 AND weekday <= 7),
  CONSTRAINT opening_hours_cafeteria_id_fkey FOREIGN KEY (cafeteria_id) REFERENCES cafeterias(id)
);

CREATE TABLE order_events (
  id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
  xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
  order_id uuid NOT NULL,
  cafeteria_id uuid NOT NULL,
  version integer NOT NULL,
  type text NOT NULL,
  actor_id uuid,
  actor_role actor_role NOT NULL,
  reason text,
  request_id text,
  at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT order_events_pkey PRIMARY KEY (id),
  CONSTRAINT order_events_order_id_version_key UNIQUE (order_id, version)
) WITH (autovacuum_vacuum_insert_scale_factor=0.02, autovacuum_analyze_scale_factor=0.02);
CREATE INDEX order_events_position ON order_events USING btree (xid, id);

CREATE TABLE order_items (
  id uuid DEFAULT uuidv7() NOT NULL,
  order_id uuid NOT NULL,
  "position" smallint NOT NULL,
  product_id uuid NOT NULL,
  name text NOT NULL,
  quantity integer NOT NULL,
  unit_price_cents integer NOT NULL,
  modifiers jsonb DEFAULT '[]'::jsonb NOT NULL,
  note text,
  stock_taken boolean NOT NULL,
  CONSTRAINT order_items_pkey PRIMARY KEY (order_id, "position")
);

CREATE TABLE orders (
  id uuid DEFAULT uuidv7() NOT NULL,
  cafeteria_id uuid NOT NULL,
  user_id uuid NOT NULL,
  slot_id uuid NOT NULL,
  status order_status NOT NULL,
  version integer DEFAULT 1 NOT NULL,
  total_cents cents NOT NULL,
  currency text NOT NULL,
  make_seconds integer NOT NULL,
  payment_method payment_method NOT NULL,
  pickup_at timestamp with time zone NOT NULL,
  pickup_until timestamp with time zone NOT NULL,
  promised_at timestamp with time zone NOT NULL,
  pickup_date date NOT NULL,
  pickup_code text NOT NULL,
  reason text,
  deadline_at timestamp with time zone,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  placed_at timestamp with time zone,
  accepted_at timestamp with time zone,
  started_at timestamp with time zone,
  ready_at timestamp with time zone,
  closed_at timestamp with time zone,
  items text NOT NULL,
  CONSTRAINT orders_pkey PRIMARY KEY (id),
  CONSTRAINT orders_cafeteria_id_pickup_date_pickup_code_key UNIQUE (cafeteria_id, pickup_date, pickup_code)
) WITH (fillfactor=80, autovacuum_vacuum_scale_factor=0.02, autovacuum_analyze_scale_factor=0.02);
CREATE INDEX orders_cafeteria ON orders USING btree (cafeteria_id, created_at DESC, id DESC);
CREATE INDEX orders_cafeteria_status ON orders USING btree (cafeteria_id, status, created_at DESC, id DESC);
CREATE INDEX orders_created ON orders USING btree (created_at DESC, id DESC);
CREATE INDEX orders_deadline ON orders USING btree (deadline_at) WHERE deadline_at IS NOT NULL;
CREATE INDEX orders_status ON orders USING btree (status, created_at DESC);
CREATE INDEX orders_user ON orders USING btree (user_id, created_at DESC, id DESC);
CREATE INDEX orders_user_status ON orders USING btree (user_id, status, created_at DESC, id DESC);

CREATE TABLE payments (
  id uuid DEFAULT uuidv7() NOT NULL,
  purpose text NOT NULL,
  order_id uuid,
  user_id uuid NOT NULL,
  provider text NOT NULL,
  amount_cents cents NOT NULL,
  currency text NOT NULL,
  status payment_status NOT NULL,
  refunded_cents cents DEFAULT 0 NOT NULL,
  provider_reference text,
  decline_code text,
  attempts integer DEFAULT 0 NOT NULL,
  next_attempt_at timestamp with time zone,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT payments_pkey PRIMARY KEY (id),
  CONSTRAINT payments_refund_within_amount CHECK (refunded_cents::bigint <= amount_cents::bigint)
) WITH (autovacuum_vacuum_scale_factor=0.02, autovacuum_analyze_scale_factor=0.02);
CREATE INDEX payments_next_attempt ON payments USING btree (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE UNIQUE INDEX payments_one_per_order ON payments USING btree (order_id) WHERE status::text = ANY (ARRAY['pending'::text, 'unknown'::text, 'authorized'::text, 'capturing'::text, 'captured'::text]);
CREATE INDEX payments_order ON payments USING btree (order_id, created_at DESC);
CREATE UNIQUE INDEX payments_provider_reference ON payments USING btree (provider, provider_reference) WHERE provider_reference IS NOT NULL;
CREATE INDEX payments_user ON payments USING btree (user_id, created_at DESC, id DESC);

CREATE TABLE pickup_slots (
  id uuid DEFAULT uuidv7() NOT NULL,
  cafeteria_id uuid NOT NULL,
  starts_at timestamp with time zone NOT NULL,
  ends_at timestamp with time zone NOT NULL,
  capacity_orders quantity NOT NULL,
  capacity_make_seconds quantity,
  reserved_orders quantity DEFAULT 0 NOT NULL,
  reserved_make_seconds quantity DEFAULT 0 NOT NULL,
  closed boolean DEFAULT false NOT NULL,
  CONSTRAINT pickup_slots_pkey PRIMARY KEY (id),
  CONSTRAINT pickup_slots_cafeteria_id_starts_at_key UNIQUE (cafeteria_id, starts_at),
  CONSTRAINT pickup_slots_cafeteria_id_fkey FOREIGN KEY (cafeteria_id) REFERENCES cafeterias(id)
) WITH (fillfactor=50);

CREATE TABLE products (
  id uuid DEFAULT uuidv7() NOT NULL,
  cafeteria_id uuid NOT NULL,
  category_id uuid NOT NULL,
  mealtime_id uuid,
  name text NOT NULL,
  description text DEFAULT ''::text NOT NULL,
  price_cents integer NOT NULL,
  make_seconds integer NOT NULL,
  allergens text[] DEFAULT '{}'::text[] NOT NULL,
  dietary_tags text[] DEFAULT '{}'::text[] NOT NULL,
  image_url text,
  "position" integer DEFAULT 0 NOT NULL,
  available boolean DEFAULT true NOT NULL,
  stock_quantity integer,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  deleted_at timestamp with time zone,
  CONSTRAINT products_pkey PRIMARY KEY (id),
  CONSTRAINT products_make_seconds_check CHECK (make_seconds >= 0 AND make_seconds <= 7200),
  CONSTRAINT products_price_cents_check CHECK (price_cents >= 0 AND price_cents <= 10000000),
  CONSTRAINT products_stock_quantity_check CHECK (stock_quantity >= 0),
  CONSTRAINT products_cafeteria_id_fkey FOREIGN KEY (cafeteria_id) REFERENCES cafeterias(id),
  CONSTRAINT products_category_id_fkey FOREIGN KEY (category_id) REFERENCES categories(id),
  CONSTRAINT products_mealtime_id_fkey FOREIGN KEY (mealtime_id) REFERENCES mealtimes(id)
) WITH (fillfactor=80);
CREATE INDEX products_cafeteria ON products USING btree (cafeteria_id, category_id, "position", id) WHERE deleted_at IS NULL;
CREATE INDEX products_category ON products USING btree (category_id);

CREATE TABLE product_modifier_groups (
  product_id uuid NOT NULL,
  group_id uuid NOT NULL,
  "position" integer DEFAULT 0 NOT NULL,
  CONSTRAINT product_modifier_groups_pkey PRIMARY KEY (product_id, group_id),
  CONSTRAINT product_modifier_groups_group_id_fkey FOREIGN KEY (group_id) REFERENCES modifier_groups(id),
  CONSTRAINT product_modifier_groups_product_id_fkey FOREIGN KEY (product_id) REFERENCES products(id)
);
CREATE INDEX product_modifier_groups_group ON product_modifier_groups USING btree (group_id);

CREATE TABLE provider_events (
  provider text NOT NULL,
  event_id text NOT NULL,
  payload jsonb NOT NULL,
  received_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT provider_events_pkey PRIMARY KEY (provider, event_id)
);
CREATE INDEX provider_events_received ON provider_events USING btree (received_at);

CREATE TABLE sessions (
  id uuid DEFAULT uuidv7() NOT NULL,
  user_id uuid NOT NULL,
  user_agent text,
  address text,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  last_used_at timestamp with time zone DEFAULT now() NOT NULL,
  expires_at timestamp with time zone NOT NULL,
  revoked_at timestamp with time zone,
  CONSTRAINT sessions_pkey PRIMARY KEY (id),
  CONSTRAINT sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id)
);
CREATE INDEX sessions_expires ON sessions USING btree (expires_at);
CREATE INDEX sessions_revoked ON sessions USING btree (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX sessions_user ON sessions USING btree (user_id, created_at DESC);

CREATE TABLE refresh_tokens (
  hash bytea NOT NULL,
  session_id uuid NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  used_at timestamp with time zone,
  CONSTRAINT refresh_tokens_pkey PRIMARY KEY (hash),
  CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE
);
CREATE INDEX refresh_tokens_session ON refresh_tokens USING btree (session_id);

CREATE TABLE refunds (
  id uuid DEFAULT uuidv7() NOT NULL,
  payment_id uuid NOT NULL,
  amount_cents bigint NOT NULL,
  reason text NOT NULL,
  status text NOT NULL,
  provider_reference text,
  requested_by uuid,
  attempts integer DEFAULT 0 NOT NULL,
  next_attempt_at timestamp with time zone,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT refunds_pkey PRIMARY KEY (id),
  CONSTRAINT refunds_amount_cents_check CHECK (amount_cents > 0),
  CONSTRAINT refunds_status_check CHECK (status = ANY (ARRAY['pending'::text, 'succeeded'::text, 'failed'::text])),
  CONSTRAINT refunds_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id),
  CONSTRAINT refunds_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES users(id)
);
CREATE INDEX refunds_next_attempt ON refunds USING btree (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX refunds_payment ON refunds USING btree (payment_id);

CREATE TABLE schedule_exceptions (
  id uuid DEFAULT uuidv7() NOT NULL,
  cafeteria_id uuid NOT NULL,
  date date NOT NULL,
  opens time without time zone,
  closes time without time zone,
  reason text DEFAULT ''::text NOT NULL,
  created_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT schedule_exceptions_pkey PRIMARY KEY (id),
  CONSTRAINT schedule_exceptions_cafeteria_id_date_key UNIQUE (cafeteria_id, date),
  CONSTRAINT schedule_exceptions_check CHECK (closes > opens),
  CONSTRAINT schedule_exceptions_check1 CHECK ((opens IS NULL) = (closes IS NULL)),
  CONSTRAINT schedule_exceptions_cafeteria_id_fkey FOREIGN KEY (cafeteria_id) REFERENCES cafeterias(id)
);

CREATE TABLE settings (
  key text NOT NULL,
  value jsonb NOT NULL,
  updated_at timestamp with time zone DEFAULT now() NOT NULL,
  CONSTRAINT settings_pkey PRIMARY KEY (key)
);

CREATE TABLE top_products (
  cafeteria_id uuid NOT NULL,
  calculated_at timestamp with time zone NOT NULL,
  product_ids uuid[] NOT NULL,
  quantities bigint[] NOT NULL,
  CONSTRAINT top_products_pkey PRIMARY KEY (cafeteria_id),
  CONSTRAINT top_products_check CHECK (cardinality(quantities) = cardinality(product_ids)),
  CONSTRAINT top_products_cafeteria_id_fkey FOREIGN KEY (cafeteria_id) REFERENCES cafeterias(id)
);

INSERT INTO accounts (id, kind, currency, balance_cents, created_at) VALUES
  ('00000000-0000-7000-8000-000000000001', 'clearing', 'XXX', NULL, '2026-11-30 08:39:05.149219+00'),
  ('01900000-0000-7000-8000-000000000001', 'wallet', 'MXN', '82400', '2026-11-30 08:39:06.62118+00'),
  ('01900000-0000-7000-8000-00000000000a', 'sales', 'MXN', NULL, '2026-11-30 08:39:06.334666+00');

INSERT INTO users (id, email, name, password_hash, is_admin, locale, created_at, updated_at) VALUES
  ('01900000-0000-7000-8000-000000000001', 'ana@example.edu', 'Ana', 'none', 'false', 'es', '2026-11-30 08:39:06.334666+00', '2026-11-30 08:39:06.334666+00'),
  ('01900000-0000-7000-8000-000000000002', 'beto@example.edu', 'Beto', 'none', 'false', 'es', '2026-11-30 08:39:06.334666+00', '2026-11-30 08:39:06.334666+00');

INSERT INTO audit_log (id, actor_id, action, subject_type, subject_id, before, after, request_id, at) OVERRIDING SYSTEM VALUE VALUES
  ('1', '01900000-0000-7000-8000-000000000002', 'payment.refunded', 'payment', '01a22b9b-9747-7b05-b894-bed8e94538fb', '{"refunded_cents": 0}', '{"refund": {"id": "01a22b9b-977a-78d6-9587-e5aa19eca2c8", "reason": "cold", "status": "pending", "currency": "MXN", "order_id": "01a22b9b-9747-75c4-b17a-17773ff05644", "created_at": "2026-11-30T08:39:06.873363+00:00", "payment_id": "01a22b9b-9747-7b05-b894-bed8e94538fb", "amount_cents": 1000}, "refunded_cents": 1000}', 'request', '2026-11-30 08:39:06.873363+00'),
  ('2', '01900000-0000-7000-8000-000000000002', 'payment.refunded', 'payment', '01a22b9b-9747-7b05-b894-bed8e94538fb', '{"refunded_cents": 1000}', '{"refund": {"id": "01a22b9b-978d-7c6a-9d4e-ae57f552eb0f", "reason": "late", "status": "pending", "currency": "MXN", "order_id": "01a22b9b-9747-75c4-b17a-17773ff05644", "created_at": "2026-11-30T08:39:06.893231+00:00", "payment_id": "01a22b9b-9747-7b05-b894-bed8e94538fb", "amount_cents": 500}, "refunded_cents": 1500}', 'request', '2026-11-30 08:39:06.893231+00');

SELECT setval(pg_get_serial_sequence('audit_log', 'id'), max(id)) FROM audit_log;

INSERT INTO cafeterias (id, slug, name, description, location, time_zone, currency, paused_at, pause_reason, auto_accept, payment_seconds, acceptance_seconds, collection_seconds, recall_seconds, slot_minutes, slot_capacity_orders, slot_capacity_make_seconds, created_at, updated_at, deleted_at) VALUES
  ('01900000-0000-7000-8000-00000000000a', 'norte', 'Norte', '', '', 'America/Mexico_City', 'MXN', NULL, NULL, 'false', '300', '180', '2700', '120', '15', '20', NULL, '2026-11-30 08:39:06.334666+00', '2026-11-30 08:39:06.334666+00', NULL);

INSERT INTO catalogue_versions (cafeteria_id, version, xid, changed_at) VALUES
  ('01900000-0000-7000-8000-00000000000a', '1', '1', '2026-11-30 08:39:06.334666+00');

INSERT INTO categories (id, cafeteria_id, name, "position", created_at, updated_at, deleted_at) VALUES
  ('01900000-0000-7000-8000-0000000000b1', '01900000-0000-7000-8000-00000000000a', 'Food', '0', '2026-11-30 08:39:06.334666+00', '2026-11-30 08:39:06.334666+00', NULL);

INSERT INTO entries (id, debit_account_id, credit_account_id, kind, method, amount_cents, currency, user_id, order_id, payment_id, refund_id, created_at) VALUES
  ('01a22b9b-967e-7eee-869a-b67f269a6a23', '00000000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000001', 'top_up', 'card', '100000', 'MXN', '01900000-0000-7000-8000-000000000001', NULL, '01a22b9b-964d-7d05-a450-cc88dcf00f29', NULL, '2026-11-30 08:39:06.62118+00'),
  ('01a22b9b-96eb-704f-aac0-140bda122ea5', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-00000000000a', 'payment', 'wallet', '12600', 'MXN', '01900000-0000-7000-8000-000000000001', '01a22b9b-96bf-7848-846c-76dcd003a0cd', '01a22b9b-96e9-7b0b-89d4-8e10427c2e2a', NULL, '2026-11-30 08:39:06.657214+00'),
  ('01a22b9b-970c-7eb0-b30a-045689549436', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-00000000000a', 'payment', 'wallet', '10000', 'MXN', '01900000-0000-7000-8000-000000000001', '01a22b9b-970c-78f3-8951-7ffa44ad038e', '01a22b9b-970c-7c00-9551-e92751b186e5', NULL, '2026-11-30 08:39:06.761202+00'),
  ('01a22b9b-9726-752d-9277-8cb3ad0cb924', '01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-000000000001', 'refund', 'wallet', '10000', 'MXN', '01900000-0000-7000-8000-000000000001', '01a22b9b-970c-78f3-8951-7ffa44ad038e', '01a22b9b-970c-7c00-9551-e92751b186e5', '01a22b9b-971f-7ca4-af55-834763419f43', '2026-11-30 08:39:06.781657+00'),
  ('01a22b9b-976b-7025-a4c9-fb5507cdcdf2', '00000000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-00000000000a', 'payment', 'card', '5000', 'MXN', '01900000-0000-7000-8000-000000000001', '01a22b9b-9747-75c4-b17a-17773ff05644', '01a22b9b-9747-7b05-b894-bed8e94538fb', NULL, '2026-11-30 08:39:06.857888+00'),
  ('01a22b9b-9786-776c-a16d-156b4fbebad1', '01900000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-000000000001', 'refund', 'card', '1000', 'MXN', '01900000-0000-7000-8000-000000000001', '01a22b9b-9747-75c4-b17a-17773ff05644', '01a22b9b-9747-7b05-b894-bed8e94538fb', '01a22b9b-977a-78d6-9587-e5aa19eca2c8', '2026-11-30 08:39:06.885222+00'),
  ('01a22b9b-97b6-764a-8fc0-94dd15065e20', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-00000000000a', 'payment', 'wallet', '5000', 'MXN', '01900000-0000-7000-8000-000000000001', '01a22b9b-97b5-7c36-9dc5-67882957968c', '01a22b9b-97b6-7369-8265-fbbd092bc52a', NULL, '2026-11-30 08:39:06.918833+00');

INSERT INTO feed (cafeteria_id, seq, event_id) VALUES
  ('01900000-0000-7000-8000-00000000000a', '1', '1'),
  ('01900000-0000-7000-8000-00000000000a', '2', '2'),
  ('01900000-0000-7000-8000-00000000000a', '3', '3'),
  ('01900000-0000-7000-8000-00000000000a', '4', '4'),
  ('01900000-0000-7000-8000-00000000000a', '5', '5');

INSERT INTO feed_heads (cafeteria_id, seq, first_seq) VALUES
  ('01900000-0000-7000-8000-00000000000a', '5', '1');

INSERT INTO feed_position (only_row, xid, event_id, ahead) VALUES
  ('true', '5', '5', '{}');

INSERT INTO idempotency_keys (user_id, key, operation, request_hash, subject_id, answer, created_at) VALUES
  ('01900000-0000-7000-8000-000000000001', 'key-a', 'place_order', E'\\x6162', '01a22b9b-96bf-7848-846c-76dcd003a0cd', '{"id" : "01a22b9b-96bf-7848-846c-76dcd003a0cd", "status" : "placed", "version" : 1, "cafeteriaId" : "01900000-0000-7000-8000-00000000000a", "userId" : "01900000-0000-7000-8000-000000000001", "slotId" : "01a22b9b-95d4-7b1c-8539-39b842b2dbf0", "items" : [{"id" : "01a22b9b-96b1-7192-83f5-33950c662cbb", "productId" : "01900000-0000-7000-8000-0000000000d1", "name" : "Torta", "quantity" : 1, "unitPriceCents" : 5000, "modifiers" : [], "note" : null}, {"id" : "01a22b9b-96bd-7a2f-acf5-0d53984f3df4", "productId" : "01900000-0000-7000-8000-0000000000d2", "name" : "Café", "quantity" : 2, "unitPriceCents" : 3800, "modifiers" : [{"name": "Oat milk", "modifierId": "01900000-0000-7000-8000-0000000000f1", "priceDeltaCents": 800}], "note" : "hot, please"}], "totalCents" : 12600, "currency" : "MXN", "paymentMethod" : "wallet", "payment" : {"id" : "01a22b9b-96e9-7b0b-89d4-8e10427c2e2a", "provider" : "wallet", "status" : "captured", "amountCents" : 12600, "refundedCents" : 0, "declineCode" : null}, "pickupAt" : "2026-11-30T08:41:06.657214+00:00", "pickupUntil" : "2026-11-30T08:45:00+00:00", "promisedAt" : "2026-11-30T08:41:06.657214+00:00", "pickupCode" : "9QQR", "qrPayload" : "comanda:collect:01a22b9b-96bf-7848-846c-76dcd003a0cd:9QQR", "reason" : null, "deadlineAt" : "2026-11-30T08:42:06.657214+00:00", "createdAt" : "2026-11-30T08:39:06.657214+00:00", "updatedAt" : "2026-11-30T08:39:06.657214+00:00", "placedAt" : "2026-11-30T08:39:06.657214+00:00", "acceptedAt" : null, "startedAt" : null, "readyAt" : null, "closedAt" : null}', '2026-11-30 08:39:06.657214+00'),
  ('01900000-0000-7000-8000-000000000001', 'key-d', 'place_order', E'\\x6162', '01a22b9b-9747-75c4-b17a-17773ff05644', NULL, '2026-11-30 08:39:06.820623+00'),
  ('01900000-0000-7000-8000-000000000001', 'key-top-up', 'top_up', E'\\x6162', '01a22b9b-964d-7d05-a450-cc88dcf00f29', '{"id": "01a22b9b-964d-7d05-a450-cc88dcf00f29", "method": "card", "status": "captured", "purpose": "top_up", "currency": "MXN", "order_id": null, "provider": "sandbox", "created_at": "2026-11-30T08:39:06.57216+00:00", "updated_at": "2026-11-30T08:39:06.62118+00:00", "amount_cents": 100000, "decline_code": null, "balance_cents": 100000, "refunded_cents": 0}', '2026-11-30 08:39:06.57216+00');

INSERT INTO kysely_migration (name, "timestamp") VALUES
  ('0001_people', '2026-11-30T08:39:05.256Z'),
  ('0002_catalogue', '2026-11-30T08:39:05.404Z'),
  ('0003_hours_and_slots', '2026-11-30T08:39:05.454Z'),
  ('0004_orders', '2026-11-30T08:39:05.533Z'),
  ('0005_payments', '2026-11-30T08:39:05.678Z'),
  ('0006_transition_order', '2026-11-30T08:39:05.697Z'),
  ('0007_place_order', '2026-11-30T08:39:05.735Z'),
  ('0008_settle_payment', '2026-11-30T08:39:05.771Z'),
  ('0009_pay_and_refund', '2026-11-30T08:39:05.781Z'),
  ('0010_worker', '2026-11-30T08:39:05.797Z'),
  ('0011_check_balances', '2026-11-30T08:39:05.815Z'),
  ('0012_feed', '2026-11-30T08:39:05.863Z'),
  ('0013_feed_retention', '2026-11-30T08:39:05.879Z'),
  ('0014_catalogue_versions', '2026-11-30T08:39:05.897Z'),
  ('0015_place_order_faster', '2026-11-30T08:39:05.950Z'),
  ('0016_relay_events', '2026-11-30T08:39:06.001Z'),
  ('0017_what_the_clock_changes', '2026-11-30T08:39:06.008Z'),
  ('0018_top_products', '2026-11-30T08:39:06.032Z'),
  ('0019_lines_with_the_order', '2026-11-30T08:39:06.061Z'),
  ('0020_qr_payload_by_parts', '2026-11-30T08:39:06.082Z'),
  ('0021_lines_as_text', '2026-11-30T08:39:06.126Z'),
  ('0022_since_when_a_menu_is_as_it_is', '2026-11-30T08:39:06.130Z');

INSERT INTO kysely_migration_lock (id, is_locked) VALUES
  ('migration_lock', '0');

INSERT INTO mealtimes (id, cafeteria_id, name, starts, ends) VALUES
  ('01900000-0000-7000-8000-0000000000c1', '01900000-0000-7000-8000-00000000000a', 'All day', '00:00:00', '24:00:00');

INSERT INTO memberships (user_id, cafeteria_id, role, created_at) VALUES
  ('01900000-0000-7000-8000-000000000002', '01900000-0000-7000-8000-00000000000a', 'staff', '2026-11-30 08:39:06.334666+00');

INSERT INTO modifier_groups (id, cafeteria_id, name, min_select, max_select, created_at, updated_at, deleted_at) VALUES
  ('01900000-0000-7000-8000-0000000000e1', '01900000-0000-7000-8000-00000000000a', 'Milk', '0', '1', '2026-11-30 08:39:06.334666+00', '2026-11-30 08:39:06.334666+00', NULL);

INSERT INTO modifiers (id, group_id, name, price_delta_cents, available, "position", deleted_at) VALUES
  ('01900000-0000-7000-8000-0000000000f1', '01900000-0000-7000-8000-0000000000e1', 'Oat milk', '800', 'true', '0', NULL);

INSERT INTO opening_hours (cafeteria_id, kind, weekday, opens, closes) VALUES
  ('01900000-0000-7000-8000-00000000000a', 'opening', '1', '00:00:00', '24:00:00'),
  ('01900000-0000-7000-8000-00000000000a', 'opening', '2', '00:00:00', '24:00:00'),
  ('01900000-0000-7000-8000-00000000000a', 'opening', '3', '00:00:00', '24:00:00'),
  ('01900000-0000-7000-8000-00000000000a', 'opening', '4', '00:00:00', '24:00:00'),
  ('01900000-0000-7000-8000-00000000000a', 'opening', '5', '00:00:00', '24:00:00'),
  ('01900000-0000-7000-8000-00000000000a', 'opening', '6', '00:00:00', '24:00:00'),
  ('01900000-0000-7000-8000-00000000000a', 'opening', '7', '00:00:00', '24:00:00'),
  ('01900000-0000-7000-8000-00000000000a', 'ordering', '1', '00:00:00', '24:00:00'),
  ('01900000-0000-7000-8000-00000000000a', 'ordering', '2', '00:00:00', '24:00:00'),
  ('01900000-0000-7000-8000-00000000000a', 'ordering', '3', '00:00:00', '24:00:00'),
  ('01900000-0000-7000-8000-00000000000a', 'ordering', '4', '00:00:00', '24:00:00'),
  ('01900000-0000-7000-8000-00000000000a', 'ordering', '5', '00:00:00', '24:00:00'),
  ('01900000-0000-7000-8000-00000000000a', 'ordering', '6', '00:00:00', '24:00:00'),
  ('01900000-0000-7000-8000-00000000000a', 'ordering', '7', '00:00:00', '24:00:00');

INSERT INTO order_events (id, xid, order_id, cafeteria_id, version, type, actor_id, actor_role, reason, request_id, at) OVERRIDING SYSTEM VALUE VALUES
  ('1', '1', '01a22b9b-96bf-7848-846c-76dcd003a0cd', '01900000-0000-7000-8000-00000000000a', '1', 'order.placed', '01900000-0000-7000-8000-000000000001', 'customer', NULL, 'request', '2026-11-30 08:39:06.657214+00'),
  ('10', '10', '01a22b9b-9747-75c4-b17a-17773ff05644', '01900000-0000-7000-8000-00000000000a', '2', 'order.placed', '01900000-0000-7000-8000-000000000001', 'customer', NULL, NULL, '2026-11-30 08:39:06.833258+00'),
  ('11', '11', '01a22b9b-9747-75c4-b17a-17773ff05644', '01900000-0000-7000-8000-00000000000a', '3', 'order.accepted', '01900000-0000-7000-8000-000000000002', 'staff', NULL, NULL, '2026-11-30 08:39:06.852306+00'),
  ('12', '12', '01a22b9b-9747-75c4-b17a-17773ff05644', '01900000-0000-7000-8000-00000000000a', '4', 'order.preparing', '01900000-0000-7000-8000-000000000002', 'staff', NULL, NULL, '2026-11-30 08:39:06.855422+00'),
  ('13', '13', '01a22b9b-97b5-7c36-9dc5-67882957968c', '01900000-0000-7000-8000-00000000000a', '1', 'order.placed', '01900000-0000-7000-8000-000000000001', 'customer', NULL, 'request', '2026-11-30 08:39:06.918833+00'),
  ('2', '2', '01a22b9b-96bf-7848-846c-76dcd003a0cd', '01900000-0000-7000-8000-00000000000a', '2', 'order.accepted', '01900000-0000-7000-8000-000000000002', 'staff', NULL, NULL, '2026-11-30 08:39:06.741188+00'),
  ('3', '3', '01a22b9b-96bf-7848-846c-76dcd003a0cd', '01900000-0000-7000-8000-00000000000a', '3', 'order.preparing', '01900000-0000-7000-8000-000000000002', 'staff', NULL, NULL, '2026-11-30 08:39:06.745491+00'),
  ('4', '4', '01a22b9b-96bf-7848-846c-76dcd003a0cd', '01900000-0000-7000-8000-00000000000a', '4', 'order.ready', '01900000-0000-7000-8000-000000000002', 'staff', NULL, NULL, '2026-11-30 08:39:06.751268+00'),
  ('5', '5', '01a22b9b-96bf-7848-846c-76dcd003a0cd', '01900000-0000-7000-8000-00000000000a', '5', 'order.collected', '01900000-0000-7000-8000-000000000002', 'staff', NULL, NULL, '2026-11-30 08:39:06.755145+00'),
  ('6', '6', '01a22b9b-970c-78f3-8951-7ffa44ad038e', '01900000-0000-7000-8000-00000000000a', '1', 'order.placed', '01900000-0000-7000-8000-000000000001', 'customer', NULL, 'request', '2026-11-30 08:39:06.761202+00'),
  ('7', '7', '01a22b9b-970c-78f3-8951-7ffa44ad038e', '01900000-0000-7000-8000-00000000000a', '2', 'order.rejected', '01900000-0000-7000-8000-000000000002', 'staff', 'no more bread', NULL, '2026-11-30 08:39:06.781657+00'),
  ('8', '8', '01a22b9b-973e-7ad4-886a-a22d3d79eded', '01900000-0000-7000-8000-00000000000a', '1', 'order.pending_payment', '01900000-0000-7000-8000-000000000001', 'customer', NULL, 'request', '2026-11-30 08:39:06.807746+00'),
  ('9', '9', '01a22b9b-9747-75c4-b17a-17773ff05644', '01900000-0000-7000-8000-00000000000a', '1', 'order.pending_payment', '01900000-0000-7000-8000-000000000001', 'customer', NULL, 'request', '2026-11-30 08:39:06.820623+00');

SELECT setval(pg_get_serial_sequence('order_events', 'id'), max(id)) FROM order_events;

INSERT INTO order_items (id, order_id, "position", product_id, name, quantity, unit_price_cents, modifiers, note, stock_taken) VALUES
  ('01a22b9b-96b1-7192-83f5-33950c662cbb', '01a22b9b-96bf-7848-846c-76dcd003a0cd', '1', '01900000-0000-7000-8000-0000000000d1', 'Torta', '1', '5000', '[]', NULL, 'true'),
  ('01a22b9b-96bd-7a2f-acf5-0d53984f3df4', '01a22b9b-96bf-7848-846c-76dcd003a0cd', '2', '01900000-0000-7000-8000-0000000000d2', 'Café', '2', '3800', '[{"name": "Oat milk", "modifier_id": "01900000-0000-7000-8000-0000000000f1", "price_delta_cents": 800}]', 'hot, please', 'false'),
  ('01a22b9b-970c-71c0-97b5-587fd0b696f9', '01a22b9b-970c-78f3-8951-7ffa44ad038e', '1', '01900000-0000-7000-8000-0000000000d1', 'Torta', '2', '5000', '[]', NULL, 'true'),
  ('01a22b9b-973e-71cc-9afb-5e6a1f781e13', '01a22b9b-973e-7ad4-886a-a22d3d79eded', '1', '01900000-0000-7000-8000-0000000000d2', 'Café', '2', '3800', '[{"name": "Oat milk", "modifier_id": "01900000-0000-7000-8000-0000000000f1", "price_delta_cents": 800}]', 'hot, please', 'false'),
  ('01a22b9b-9746-7db5-bb60-dde131481c77', '01a22b9b-9747-75c4-b17a-17773ff05644', '1', '01900000-0000-7000-8000-0000000000d1', 'Torta', '1', '5000', '[]', NULL, 'true'),
  ('01a22b9b-97a8-7f9b-8238-3030f8386e78', '01a22b9b-97b5-7c36-9dc5-67882957968c', '1', '01900000-0000-7000-8000-0000000000d1', 'Torta', '1', '5000', '[]', NULL, 'true');

INSERT INTO orders (id, cafeteria_id, user_id, slot_id, status, version, total_cents, currency, make_seconds, payment_method, pickup_at, pickup_until, promised_at, pickup_date, pickup_code, reason, deadline_at, created_at, updated_at, placed_at, accepted_at, started_at, ready_at, closed_at, items) VALUES
  ('01a22b9b-96bf-7848-846c-76dcd003a0cd', '01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-000000000001', '01a22b9b-95d4-7b1c-8539-39b842b2dbf0', 'collected', '5', '12600', 'MXN', '120', 'wallet', '2026-11-30 08:41:06.657214+00', '2026-11-30 08:45:00+00', '2026-11-30 08:41:06.657214+00', '2026-11-30', '9QQR', NULL, NULL, '2026-11-30 08:39:06.657214+00', '2026-11-30 08:39:06.755145+00', '2026-11-30 08:39:06.657214+00', '2026-11-30 08:39:06.741188+00', '2026-11-30 08:39:06.745491+00', '2026-11-30 08:39:06.751268+00', '2026-11-30 08:39:06.755145+00', '[{"id" : "01a22b9b-96b1-7192-83f5-33950c662cbb", "productId" : "01900000-0000-7000-8000-0000000000d1", "name" : "Torta", "quantity" : 1, "unitPriceCents" : 5000, "modifiers" : [], "note" : null}, {"id" : "01a22b9b-96bd-7a2f-acf5-0d53984f3df4", "productId" : "01900000-0000-7000-8000-0000000000d2", "name" : "Café", "quantity" : 2, "unitPriceCents" : 3800, "modifiers" : [{"name": "Oat milk", "modifierId": "01900000-0000-7000-8000-0000000000f1", "priceDeltaCents": 800}], "note" : "hot, please"}]'),
  ('01a22b9b-970c-78f3-8951-7ffa44ad038e', '01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-000000000001', '01a22b9b-95d4-7b1c-8539-39b842b2dbf0', 'rejected', '2', '10000', 'MXN', '120', 'wallet', '2026-11-30 08:41:06.761202+00', '2026-11-30 08:45:00+00', '2026-11-30 08:41:06.761202+00', '2026-11-30', '4XEL', 'no more bread', NULL, '2026-11-30 08:39:06.761202+00', '2026-11-30 08:39:06.781657+00', '2026-11-30 08:39:06.761202+00', NULL, NULL, NULL, '2026-11-30 08:39:06.781657+00', '[{"id" : "01a22b9b-970c-71c0-97b5-587fd0b696f9", "productId" : "01900000-0000-7000-8000-0000000000d1", "name" : "Torta", "quantity" : 2, "unitPriceCents" : 5000, "modifiers" : [], "note" : null}]'),
  ('01a22b9b-973e-7ad4-886a-a22d3d79eded', '01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-000000000001', '01a22b9b-95d4-7b1c-8539-39b842b2dbf0', 'pending_payment', '1', '7600', 'MXN', '60', 'card', '2026-11-30 08:40:06.807746+00', '2026-11-30 08:45:00+00', '2026-11-30 08:40:06.807746+00', '2026-11-30', 'LV2T', NULL, '2026-11-30 08:44:06.807746+00', '2026-11-30 08:39:06.807746+00', '2026-11-30 08:39:06.807746+00', NULL, NULL, NULL, NULL, NULL, '[{"id" : "01a22b9b-973e-71cc-9afb-5e6a1f781e13", "productId" : "01900000-0000-7000-8000-0000000000d2", "name" : "Café", "quantity" : 2, "unitPriceCents" : 3800, "modifiers" : [{"name": "Oat milk", "modifierId": "01900000-0000-7000-8000-0000000000f1", "priceDeltaCents": 800}], "note" : "hot, please"}]'),
  ('01a22b9b-9747-75c4-b17a-17773ff05644', '01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-000000000001', '01a22b9b-95d4-7b1c-8539-39b842b2dbf0', 'preparing', '4', '5000', 'MXN', '60', 'card', '2026-11-30 08:40:06.820623+00', '2026-11-30 08:45:00+00', '2026-11-30 08:40:06.820623+00', '2026-11-30', 'RZLP', NULL, NULL, '2026-11-30 08:39:06.820623+00', '2026-11-30 08:39:06.855422+00', '2026-11-30 08:39:06.833258+00', '2026-11-30 08:39:06.852306+00', '2026-11-30 08:39:06.855422+00', NULL, NULL, '[{"id" : "01a22b9b-9746-7db5-bb60-dde131481c77", "productId" : "01900000-0000-7000-8000-0000000000d1", "name" : "Torta", "quantity" : 1, "unitPriceCents" : 5000, "modifiers" : [], "note" : null}]'),
  ('01a22b9b-97b5-7c36-9dc5-67882957968c', '01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-000000000001', '01a22b9b-95d4-7b1c-8539-39b842b2dbf0', 'placed', '1', '5000', 'MXN', '60', 'wallet', '2026-11-30 08:40:06.918833+00', '2026-11-30 08:45:00+00', '2026-11-30 08:40:06.918833+00', '2026-11-30', 'QZUC', NULL, '2026-11-30 08:42:06.918833+00', '2026-11-30 08:39:06.918833+00', '2026-11-30 08:39:06.918833+00', '2026-11-30 08:39:06.918833+00', NULL, NULL, NULL, NULL, '[{"id" : "01a22b9b-97a8-7f9b-8238-3030f8386e78", "productId" : "01900000-0000-7000-8000-0000000000d1", "name" : "Torta", "quantity" : 1, "unitPriceCents" : 5000, "modifiers" : [], "note" : null}]');

INSERT INTO payments (id, purpose, order_id, user_id, provider, amount_cents, currency, status, refunded_cents, provider_reference, decline_code, attempts, next_attempt_at, created_at, updated_at) VALUES
  ('01a22b9b-964d-7d05-a450-cc88dcf00f29', 'top_up', NULL, '01900000-0000-7000-8000-000000000001', 'sandbox', '100000', 'MXN', 'captured', '0', 'ref-top-up', NULL, '0', NULL, '2026-11-30 08:39:06.57216+00', '2026-11-30 08:39:06.62118+00'),
  ('01a22b9b-968f-7a82-a300-ecfde8968edd', 'top_up', NULL, '01900000-0000-7000-8000-000000000001', 'sandbox', '500', 'MXN', 'declined', '0', 'ref-declined', 'insufficient_funds', '0', NULL, '2026-11-30 08:39:06.639+00', '2026-11-30 08:39:06.642687+00'),
  ('01a22b9b-96e9-7b0b-89d4-8e10427c2e2a', 'order', '01a22b9b-96bf-7848-846c-76dcd003a0cd', '01900000-0000-7000-8000-000000000001', 'wallet', '12600', 'MXN', 'captured', '0', NULL, NULL, '0', NULL, '2026-11-30 08:39:06.657214+00', '2026-11-30 08:39:06.657214+00'),
  ('01a22b9b-970c-7c00-9551-e92751b186e5', 'order', '01a22b9b-970c-78f3-8951-7ffa44ad038e', '01900000-0000-7000-8000-000000000001', 'wallet', '10000', 'MXN', 'captured', '10000', NULL, NULL, '0', NULL, '2026-11-30 08:39:06.761202+00', '2026-11-30 08:39:06.781657+00'),
  ('01a22b9b-973f-7225-9cf0-fc3fd058c5f9', 'order', '01a22b9b-973e-7ad4-886a-a22d3d79eded', '01900000-0000-7000-8000-000000000001', 'sandbox', '7600', 'MXN', 'pending', '0', NULL, NULL, '0', '2026-11-30 08:39:36.807746+00', '2026-11-30 08:39:06.807746+00', '2026-11-30 08:39:06.807746+00'),
  ('01a22b9b-9747-7b05-b894-bed8e94538fb', 'order', '01a22b9b-9747-75c4-b17a-17773ff05644', '01900000-0000-7000-8000-000000000001', 'sandbox', '5000', 'MXN', 'captured', '1500', 'ref-d', NULL, '0', NULL, '2026-11-30 08:39:06.820623+00', '2026-11-30 08:39:06.893231+00'),
  ('01a22b9b-97b6-7369-8265-fbbd092bc52a', 'order', '01a22b9b-97b5-7c36-9dc5-67882957968c', '01900000-0000-7000-8000-000000000001', 'wallet', '5000', 'MXN', 'captured', '0', NULL, NULL, '0', NULL, '2026-11-30 08:39:06.918833+00', '2026-11-30 08:39:06.918833+00');

INSERT INTO pickup_slots (id, cafeteria_id, starts_at, ends_at, capacity_orders, capacity_make_seconds, reserved_orders, reserved_make_seconds, closed) VALUES
  ('01a22b9b-95d4-7b1c-8539-39b842b2dbf0', '01900000-0000-7000-8000-00000000000a', '2026-11-30 08:30:00+00', '2026-11-30 08:45:00+00', '20', NULL, '4', '300', 'false'),
  ('01a22b9b-95d4-7fd6-8df6-bb1a3e29c6fe', '01900000-0000-7000-8000-00000000000a', '2026-11-30 08:45:00+00', '2026-11-30 09:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7000-855d-7d04b0fb1684', '01900000-0000-7000-8000-00000000000a', '2026-11-30 09:00:00+00', '2026-11-30 09:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-701f-9725-816fd899965e', '01900000-0000-7000-8000-00000000000a', '2026-11-30 09:15:00+00', '2026-11-30 09:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7030-bdbb-917c79085524', '01900000-0000-7000-8000-00000000000a', '2026-11-30 09:30:00+00', '2026-11-30 09:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7043-9827-bed65e6bf543', '01900000-0000-7000-8000-00000000000a', '2026-11-30 09:45:00+00', '2026-11-30 10:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7055-933e-4fff2a99776b', '01900000-0000-7000-8000-00000000000a', '2026-11-30 10:00:00+00', '2026-11-30 10:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7080-a5ab-b24cc74fbc0e', '01900000-0000-7000-8000-00000000000a', '2026-11-30 10:15:00+00', '2026-11-30 10:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7095-9163-055b51569389', '01900000-0000-7000-8000-00000000000a', '2026-11-30 10:30:00+00', '2026-11-30 10:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-70a5-8472-c6c33ac8287b', '01900000-0000-7000-8000-00000000000a', '2026-11-30 10:45:00+00', '2026-11-30 11:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-70b8-9b2e-a65efa6806a5', '01900000-0000-7000-8000-00000000000a', '2026-11-30 11:00:00+00', '2026-11-30 11:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-70cb-a0c0-abe4706c0812', '01900000-0000-7000-8000-00000000000a', '2026-11-30 11:15:00+00', '2026-11-30 11:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-70dc-90f7-4698c485dec3', '01900000-0000-7000-8000-00000000000a', '2026-11-30 11:30:00+00', '2026-11-30 11:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-70ed-98b8-2405c9d40fe4', '01900000-0000-7000-8000-00000000000a', '2026-11-30 11:45:00+00', '2026-11-30 12:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-768d-9845-8ebca9e483ee', '01900000-0000-7000-8000-00000000000a', '2026-11-30 12:00:00+00', '2026-11-30 12:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-76a8-aed5-2ce45f0fc1e7', '01900000-0000-7000-8000-00000000000a', '2026-11-30 12:15:00+00', '2026-11-30 12:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-76c2-94f9-cba6f723808b', '01900000-0000-7000-8000-00000000000a', '2026-11-30 12:30:00+00', '2026-11-30 12:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-76ff-9132-842e767829a0', '01900000-0000-7000-8000-00000000000a', '2026-11-30 12:45:00+00', '2026-11-30 13:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-770f-91f3-d2d3d5565027', '01900000-0000-7000-8000-00000000000a', '2026-11-30 13:00:00+00', '2026-11-30 13:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7732-a880-9d167ed247c9', '01900000-0000-7000-8000-00000000000a', '2026-11-30 13:15:00+00', '2026-11-30 13:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7744-9157-39ba2a3af15d', '01900000-0000-7000-8000-00000000000a', '2026-11-30 13:30:00+00', '2026-11-30 13:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7753-96ec-e56056a71c7c', '01900000-0000-7000-8000-00000000000a', '2026-11-30 13:45:00+00', '2026-11-30 14:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7763-a9bd-05d01bca1e57', '01900000-0000-7000-8000-00000000000a', '2026-11-30 14:00:00+00', '2026-11-30 14:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7787-b213-fd82f524dab9', '01900000-0000-7000-8000-00000000000a', '2026-11-30 14:15:00+00', '2026-11-30 14:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-779f-a0d5-e61dc8d36fdd', '01900000-0000-7000-8000-00000000000a', '2026-11-30 14:30:00+00', '2026-11-30 14:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-77ae-978d-f22d6fb84468', '01900000-0000-7000-8000-00000000000a', '2026-11-30 14:45:00+00', '2026-11-30 15:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-77be-ab46-e59717afcd2c', '01900000-0000-7000-8000-00000000000a', '2026-11-30 15:00:00+00', '2026-11-30 15:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-77cd-a5ec-e17f83758e13', '01900000-0000-7000-8000-00000000000a', '2026-11-30 15:15:00+00', '2026-11-30 15:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-79b9-966e-2b0474809073', '01900000-0000-7000-8000-00000000000a', '2026-11-30 15:30:00+00', '2026-11-30 15:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-79d4-ba11-5b5cd2e6f5b1', '01900000-0000-7000-8000-00000000000a', '2026-11-30 15:45:00+00', '2026-11-30 16:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-79e4-b8ba-03db876385ec', '01900000-0000-7000-8000-00000000000a', '2026-11-30 16:00:00+00', '2026-11-30 16:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-79f5-9758-f5dbfb42de35', '01900000-0000-7000-8000-00000000000a', '2026-11-30 16:15:00+00', '2026-11-30 16:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7a37-b332-685175280da0', '01900000-0000-7000-8000-00000000000a', '2026-11-30 16:30:00+00', '2026-11-30 16:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7a4b-b010-3a4e3e07304a', '01900000-0000-7000-8000-00000000000a', '2026-11-30 16:45:00+00', '2026-11-30 17:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7a5b-9964-7acedefedc46', '01900000-0000-7000-8000-00000000000a', '2026-11-30 17:00:00+00', '2026-11-30 17:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7a6b-bb89-13bb6d2aa5fd', '01900000-0000-7000-8000-00000000000a', '2026-11-30 17:15:00+00', '2026-11-30 17:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7a7c-bd6e-8658e2e3d08f', '01900000-0000-7000-8000-00000000000a', '2026-11-30 17:30:00+00', '2026-11-30 17:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7a95-aa0a-cae6ef13d602', '01900000-0000-7000-8000-00000000000a', '2026-11-30 17:45:00+00', '2026-11-30 18:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7aa5-b6e1-9c3922c48914', '01900000-0000-7000-8000-00000000000a', '2026-11-30 18:00:00+00', '2026-11-30 18:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7ab4-8376-65c0d648066c', '01900000-0000-7000-8000-00000000000a', '2026-11-30 18:15:00+00', '2026-11-30 18:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7ac5-bfd4-ef1f1304aa22', '01900000-0000-7000-8000-00000000000a', '2026-11-30 18:30:00+00', '2026-11-30 18:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7e0a-a61a-8df20c5f6a31', '01900000-0000-7000-8000-00000000000a', '2026-11-30 18:45:00+00', '2026-11-30 19:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7e23-aef6-0971ec567967', '01900000-0000-7000-8000-00000000000a', '2026-11-30 19:00:00+00', '2026-11-30 19:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7e34-b49c-7a3bbf3bceea', '01900000-0000-7000-8000-00000000000a', '2026-11-30 19:15:00+00', '2026-11-30 19:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7e45-9e1c-fc01be99b88d', '01900000-0000-7000-8000-00000000000a', '2026-11-30 19:30:00+00', '2026-11-30 19:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7e66-b667-c789a6b3c654', '01900000-0000-7000-8000-00000000000a', '2026-11-30 19:45:00+00', '2026-11-30 20:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7e77-ae3a-3b257b0493db', '01900000-0000-7000-8000-00000000000a', '2026-11-30 20:00:00+00', '2026-11-30 20:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7e88-81eb-2d331c194d0a', '01900000-0000-7000-8000-00000000000a', '2026-11-30 20:15:00+00', '2026-11-30 20:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7e98-aad1-6892c092763c', '01900000-0000-7000-8000-00000000000a', '2026-11-30 20:30:00+00', '2026-11-30 20:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7ea7-86b5-d2e426473e41', '01900000-0000-7000-8000-00000000000a', '2026-11-30 20:45:00+00', '2026-11-30 21:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7eb8-8016-ecc5f2d2f01c', '01900000-0000-7000-8000-00000000000a', '2026-11-30 21:00:00+00', '2026-11-30 21:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7ec8-a7b4-de8c5cd926b4', '01900000-0000-7000-8000-00000000000a', '2026-11-30 21:15:00+00', '2026-11-30 21:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7ed8-a93c-c42c6f645a23', '01900000-0000-7000-8000-00000000000a', '2026-11-30 21:30:00+00', '2026-11-30 21:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7ef3-a3f7-e51557e0828b', '01900000-0000-7000-8000-00000000000a', '2026-11-30 21:45:00+00', '2026-11-30 22:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7f03-bba3-af31de279bbd', '01900000-0000-7000-8000-00000000000a', '2026-11-30 22:00:00+00', '2026-11-30 22:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7f14-aa01-927df880c829', '01900000-0000-7000-8000-00000000000a', '2026-11-30 22:15:00+00', '2026-11-30 22:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7f24-8ea7-f813f8c09e37', '01900000-0000-7000-8000-00000000000a', '2026-11-30 22:30:00+00', '2026-11-30 22:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7f33-8e6c-dcb1381ff99b', '01900000-0000-7000-8000-00000000000a', '2026-11-30 22:45:00+00', '2026-11-30 23:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7f57-a718-fa5a0506fefe', '01900000-0000-7000-8000-00000000000a', '2026-11-30 23:00:00+00', '2026-11-30 23:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7f73-974d-e0cbe6e54b80', '01900000-0000-7000-8000-00000000000a', '2026-11-30 23:15:00+00', '2026-11-30 23:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7f84-b433-ea61011c0dd1', '01900000-0000-7000-8000-00000000000a', '2026-11-30 23:30:00+00', '2026-11-30 23:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7f95-9cdd-41d8e241bb64', '01900000-0000-7000-8000-00000000000a', '2026-11-30 23:45:00+00', '2026-12-01 00:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7fa4-ad48-327a53264926', '01900000-0000-7000-8000-00000000000a', '2026-12-01 00:00:00+00', '2026-12-01 00:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7fb3-b2bd-c0d6b428fbd7', '01900000-0000-7000-8000-00000000000a', '2026-12-01 00:15:00+00', '2026-12-01 00:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7fc2-906d-03ad3dbe9a47', '01900000-0000-7000-8000-00000000000a', '2026-12-01 00:30:00+00', '2026-12-01 00:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7fd2-a447-dea1666f2657', '01900000-0000-7000-8000-00000000000a', '2026-12-01 00:45:00+00', '2026-12-01 01:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d5-7fea-b288-b1cdd2f39b96', '01900000-0000-7000-8000-00000000000a', '2026-12-01 01:00:00+00', '2026-12-01 01:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d6-700c-9591-230e1e03f09d', '01900000-0000-7000-8000-00000000000a', '2026-12-01 01:15:00+00', '2026-12-01 01:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d6-7029-b49d-b87739c8d8ae', '01900000-0000-7000-8000-00000000000a', '2026-12-01 01:30:00+00', '2026-12-01 01:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d6-7039-93f4-0ef90a765ff0', '01900000-0000-7000-8000-00000000000a', '2026-12-01 01:45:00+00', '2026-12-01 02:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d6-7049-80eb-2f3a104308fd', '01900000-0000-7000-8000-00000000000a', '2026-12-01 02:00:00+00', '2026-12-01 02:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d6-7058-a0a7-fc634f02f4aa', '01900000-0000-7000-8000-00000000000a', '2026-12-01 02:15:00+00', '2026-12-01 02:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d6-7069-aea5-eadfc9ec5ab0', '01900000-0000-7000-8000-00000000000a', '2026-12-01 02:30:00+00', '2026-12-01 02:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d6-7078-b4db-d337d3147608', '01900000-0000-7000-8000-00000000000a', '2026-12-01 02:45:00+00', '2026-12-01 03:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d6-7087-b0b6-133fac163135', '01900000-0000-7000-8000-00000000000a', '2026-12-01 03:00:00+00', '2026-12-01 03:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d6-7096-93b6-4bcb5d387ed2', '01900000-0000-7000-8000-00000000000a', '2026-12-01 03:15:00+00', '2026-12-01 03:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d6-70a6-bd8e-610dcf1bf309', '01900000-0000-7000-8000-00000000000a', '2026-12-01 03:30:00+00', '2026-12-01 03:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d6-70b6-bcc8-6dad83f59b2d', '01900000-0000-7000-8000-00000000000a', '2026-12-01 03:45:00+00', '2026-12-01 04:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d6-70cf-ad0d-7b9fe3aa4dec', '01900000-0000-7000-8000-00000000000a', '2026-12-01 04:00:00+00', '2026-12-01 04:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d6-70f0-b54b-e67b1cb677bc', '01900000-0000-7000-8000-00000000000a', '2026-12-01 04:15:00+00', '2026-12-01 04:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d6-710e-b9ca-1c0d73f7db9b', '01900000-0000-7000-8000-00000000000a', '2026-12-01 04:30:00+00', '2026-12-01 04:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d6-714f-9720-e07a03a7c66f', '01900000-0000-7000-8000-00000000000a', '2026-12-01 04:45:00+00', '2026-12-01 05:00:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d6-715f-becc-7cbfd3314544', '01900000-0000-7000-8000-00000000000a', '2026-12-01 05:00:00+00', '2026-12-01 05:15:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d6-716e-bae6-7dc4432661d0', '01900000-0000-7000-8000-00000000000a', '2026-12-01 05:15:00+00', '2026-12-01 05:30:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d6-717e-a045-f1b2df28a532', '01900000-0000-7000-8000-00000000000a', '2026-12-01 05:30:00+00', '2026-12-01 05:45:00+00', '20', NULL, '0', '0', 'false'),
  ('01a22b9b-95d6-71a0-8811-b30f2e9fa45a', '01900000-0000-7000-8000-00000000000a', '2026-12-01 05:45:00+00', '2026-12-01 06:00:00+00', '20', NULL, '0', '0', 'false');

INSERT INTO products (id, cafeteria_id, category_id, mealtime_id, name, description, price_cents, make_seconds, allergens, dietary_tags, image_url, "position", available, stock_quantity, created_at, updated_at, deleted_at) VALUES
  ('01900000-0000-7000-8000-0000000000d1', '01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-0000000000b1', NULL, 'Torta', '', '5000', '60', '{gluten}', '{}', NULL, '0', 'true', '7', '2026-11-30 08:39:06.334666+00', '2026-11-30 08:39:06.334666+00', NULL),
  ('01900000-0000-7000-8000-0000000000d2', '01900000-0000-7000-8000-00000000000a', '01900000-0000-7000-8000-0000000000b1', '01900000-0000-7000-8000-0000000000c1', 'Café', '', '3000', '30', '{}', '{}', NULL, '0', 'true', NULL, '2026-11-30 08:39:06.334666+00', '2026-11-30 08:39:06.334666+00', NULL);

INSERT INTO product_modifier_groups (product_id, group_id, "position") VALUES
  ('01900000-0000-7000-8000-0000000000d2', '01900000-0000-7000-8000-0000000000e1', '0');

INSERT INTO provider_events (provider, event_id, payload, received_at) VALUES
  ('sandbox', 'e1', '{"type": "paid"}', '2026-11-30 08:39:06.334666+00');

INSERT INTO sessions (id, user_id, user_agent, address, created_at, last_used_at, expires_at, revoked_at) VALUES
  ('01a22b9b-9561-70b1-886f-515348ad8896', '01900000-0000-7000-8000-000000000001', 'phone', NULL, '2026-11-30 08:39:06.334666+00', '2026-11-30 08:39:06.334666+00', '2026-12-30 08:39:06.334666+00', NULL);

INSERT INTO refresh_tokens (hash, session_id, created_at, used_at) VALUES
  (E'\\x01ff', '01a22b9b-9561-70b1-886f-515348ad8896', '2026-11-30 08:39:06.334666+00', NULL);

INSERT INTO refunds (id, payment_id, amount_cents, reason, status, provider_reference, requested_by, attempts, next_attempt_at, created_at, updated_at) VALUES
  ('01a22b9b-971f-7ca4-af55-834763419f43', '01a22b9b-970c-7c00-9551-e92751b186e5', '10000', 'no more bread', 'succeeded', NULL, '01900000-0000-7000-8000-000000000002', '0', NULL, '2026-11-30 08:39:06.781657+00', '2026-11-30 08:39:06.781657+00'),
  ('01a22b9b-977a-78d6-9587-e5aa19eca2c8', '01a22b9b-9747-7b05-b894-bed8e94538fb', '1000', 'cold', 'succeeded', 'ref-refund', '01900000-0000-7000-8000-000000000002', '0', NULL, '2026-11-30 08:39:06.873363+00', '2026-11-30 08:39:06.885222+00'),
  ('01a22b9b-978d-7c6a-9d4e-ae57f552eb0f', '01a22b9b-9747-7b05-b894-bed8e94538fb', '500', 'late', 'pending', NULL, '01900000-0000-7000-8000-000000000002', '0', '2026-11-30 08:39:06.893231+00', '2026-11-30 08:39:06.893231+00', '2026-11-30 08:39:06.893231+00');

INSERT INTO schedule_exceptions (id, cafeteria_id, date, opens, closes, reason, created_at) VALUES
  ('01a22b9b-9592-74de-9b22-82f3d8d998ab', '01900000-0000-7000-8000-00000000000a', '2027-01-01', NULL, NULL, 'New Year', '2026-11-30 08:39:06.334666+00');

INSERT INTO settings (key, value, updated_at) VALUES
  ('support', '{"email": "help@example.edu"}', '2026-11-30 08:39:06.334666+00');

INSERT INTO top_products (cafeteria_id, calculated_at, product_ids, quantities) VALUES
  ('01900000-0000-7000-8000-00000000000a', '2026-11-30 08:39:06.334666+00', '{01900000-0000-7000-8000-0000000000d1}', '{3}');

CREATE OR REPLACE FUNCTION answer_key(p_user_id uuid, p_key text, p_answer jsonb, p_failed boolean)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  if p_failed then
    delete from idempotency_keys where user_id = p_user_id and key = p_key and operation <> 'place_order';
  end if;
  update idempotency_keys set answer = p_answer where user_id = p_user_id and key = p_key;
end $function$;

CREATE OR REPLACE FUNCTION append_order_event(o orders, p_actor_id uuid, p_actor_role text, p_request_id text)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into order_events (order_id, cafeteria_id, version, type, actor_id, actor_role, reason, request_id)
  values (o.id, o.cafeteria_id, o.version, 'order.' || o.status, p_actor_id, p_actor_role,
    case when o.status in ('rejected', 'cancelled') then o.reason end, p_request_id)
$function$;

CREATE OR REPLACE FUNCTION calculate_top_products(p_cafeteria_id uuid, p_days integer, p_limit integer)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  found_ids uuid[];
  found_quantities bigint[];
  had top_products;
begin
  select coalesce(array_agg(product_id order by quantity desc, product_id), '{}'),
    coalesce(array_agg(quantity order by quantity desc, product_id), '{}')
  into found_ids, found_quantities
  from (
    select i.product_id, sum(i.quantity) as quantity
    from orders o join order_items i on i.order_id = o.id
    where o.cafeteria_id = p_cafeteria_id and o.created_at >= now() - make_interval(days => p_days)
      and o.status not in ('pending_payment', 'expired', 'rejected', 'cancelled')
    group by i.product_id
    order by quantity desc, i.product_id
    limit p_limit
  ) most;
  select * into had from top_products where cafeteria_id = p_cafeteria_id;
  insert into top_products values (p_cafeteria_id, now(), found_ids, found_quantities)
  on conflict (cafeteria_id) do update set calculated_at = excluded.calculated_at, product_ids = excluded.product_ids,
    quantities = excluded.quantities;
  return had.product_ids is distinct from found_ids or had.quantities is distinct from found_quantities;
end $function$;

CREATE OR REPLACE FUNCTION catalogue_owner(p_table text, p_row jsonb)
 RETURNS uuid
 LANGUAGE sql
 STABLE
AS $function$
  select case p_table
    when 'cafeterias' then (p_row ->> 'id')::uuid
    when 'modifiers' then (select cafeteria_id from modifier_groups where id = (p_row ->> 'group_id')::uuid)
    when 'product_modifier_groups' then (select cafeteria_id from products where id = (p_row ->> 'product_id')::uuid)
    else (p_row ->> 'cafeteria_id')::uuid
  end
$function$;

CREATE OR REPLACE FUNCTION check_balances()
 RETURNS TABLE(problem text, subject_id uuid, expected_cents bigint, actual_cents bigint)
 LANGUAGE sql
 STABLE
AS $function$
  -- A wallet holds what its entries say.
  select 'wallet_balance', a.id, coalesce(e.balance, 0)::bigint, a.balance_cents
  from accounts a
  left join (
    select account_id, sum(amount) as balance from (
      select credit_account_id as account_id, amount_cents as amount from entries
      union all
      select debit_account_id, -amount_cents from entries
    ) moves group by account_id
  ) e on e.account_id = a.id
  where a.kind = 'wallet' and a.balance_cents <> coalesce(e.balance, 0)

  union all
  -- A captured payment is booked once, in full; any other one not at all.
  select 'payment_booking', p.id, case p.status when 'captured' then p.amount_cents else 0 end, coalesce(sum(e.amount_cents), 0)::bigint
  from payments p
  left join entries e on e.payment_id = p.id and e.kind in ('payment', 'top_up')
  group by p.id
  having coalesce(sum(e.amount_cents), 0) <> case p.status when 'captured' then p.amount_cents else 0 end

  union all
  -- A refund is booked once when it has succeeded, and not before.
  select 'refund_booking', r.id, case r.status when 'succeeded' then r.amount_cents else 0 end, coalesce(sum(e.amount_cents), 0)::bigint
  from refunds r
  left join entries e on e.refund_id = r.id
  group by r.id
  having coalesce(sum(e.amount_cents), 0) <> case r.status when 'succeeded' then r.amount_cents else 0 end

  union all
  -- A payment knows its refunds, and they never exceed it.
  select 'refunded_amount', p.id, coalesce(sum(r.amount_cents), 0)::bigint, p.refunded_cents
  from payments p
  left join refunds r on r.payment_id = p.id and r.status <> 'failed'
  group by p.id
  having p.refunded_cents <> coalesce(sum(r.amount_cents), 0) or p.refunded_cents > p.amount_cents

  union all
  -- Whatever the kitchen was asked to make has one payment behind it, of the right amount.
  select 'order_unpaid', o.id, o.total_cents, coalesce(sum(p.amount_cents), 0)::bigint
  from orders o
  left join payments p on p.order_id = o.id and p.status in ('authorized', 'capturing', 'captured')
  where o.status in ('placed', 'accepted', 'preparing', 'ready', 'collected', 'uncollected')
  group by o.id
  having o.total_cents <> coalesce(sum(p.amount_cents), 0)

  union all
  -- An order that fell through keeps nobody's money.
  select 'order_not_returned', o.id, 0, (p.amount_cents - p.refunded_cents)::bigint
  from orders o
  join payments p on p.order_id = o.id and p.status in ('authorized', 'capturing', 'captured')
  where o.status in ('expired', 'rejected', 'cancelled') and (p.status = 'authorized' or p.amount_cents > p.refunded_cents)
$function$;

CREATE OR REPLACE FUNCTION chosen_modifiers(p_product_id uuid, p_modifier_ids uuid[])
 RETURNS TABLE(matched bigint, delta_cents bigint, kept jsonb, shown jsonb)
 LANGUAGE sql
 STABLE
AS $function$
  select count(*), sum(m.price_delta_cents),
    jsonb_agg(jsonb_build_object('modifier_id', m.id, 'name', m.name, 'price_delta_cents', m.price_delta_cents)
      order by offered.position, m.position, m.id),
    jsonb_agg(jsonb_build_object('modifierId', m.id, 'name', m.name, 'priceDeltaCents', m.price_delta_cents)
      order by offered.position, m.position, m.id)
  from product_modifier_groups offered
  join modifiers m on m.group_id = offered.group_id
  where cardinality(p_modifier_ids) > 0 and offered.product_id = p_product_id
    and m.id = any (p_modifier_ids) and m.available and m.deleted_at is null
$function$;

CREATE OR REPLACE FUNCTION claim_idempotency_key(p_user_id uuid, p_key text, p_operation text, p_request_hash bytea)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  first idempotency_keys;
begin
  if not pg_try_advisory_xact_lock(hashtextextended(p_key, hashtext(p_user_id::text))) then
    perform refuse('idempotency_key_in_use');
  end if;
  select * into first from idempotency_keys where user_id = p_user_id and key = p_key;
  if not found then
    return null;
  end if;
  if first.operation <> p_operation or first.request_hash <> p_request_hash then
    perform refuse('idempotency_key_reused');
  end if;
  -- A process that died while it waited leaves no answer; after half a minute today's state is the answer.
  if first.answer is null and first.created_at > now() - interval '30 seconds' then
    perform refuse('idempotency_key_in_use');
  end if;
  return jsonb_build_object('subject_id', first.subject_id, 'answer', first.answer);
end $function$;

CREATE OR REPLACE FUNCTION claim_payments(p_provider text, p_limit integer, p_lease_seconds double precision)
 RETURNS TABLE(id uuid, purpose text, status text, amount_cents bigint, abandoned boolean)
 LANGUAGE sql
AS $function$
  with due as (
    select payments.id from payments
    where next_attempt_at <= now() and provider = p_provider
    order by next_attempt_at limit p_limit for no key update skip locked
  )
  update payments p set next_attempt_at = now() + make_interval(secs => p_lease_seconds), attempts = attempts + 1
  from due where p.id = due.id
  returning p.id, p.purpose, p.status, p.amount_cents, case p.purpose
    when 'order' then not exists (select from orders o where o.id = p.order_id and o.status = 'pending_payment')
    else p.created_at < now() - interval '1 hour' end
$function$;

CREATE OR REPLACE FUNCTION claim_refunds(p_provider text, p_limit integer, p_lease_seconds double precision)
 RETURNS TABLE(id uuid, payment_id uuid, amount_cents bigint)
 LANGUAGE sql
AS $function$
  with due as (
    select refunds.id from refunds join payments on payments.id = refunds.payment_id
    where refunds.next_attempt_at <= now() and payments.status = 'captured' and payments.provider = p_provider
    order by refunds.next_attempt_at limit p_limit for no key update of refunds skip locked
  )
  update refunds r set next_attempt_at = now() + make_interval(secs => p_lease_seconds), attempts = attempts + 1
  from due where r.id = due.id
  returning r.id, r.payment_id, r.amount_cents
$function$;

CREATE OR REPLACE FUNCTION clean_up(p_limit integer)
 RETURNS integer
 LANGUAGE sql
AS $function$
  with old_keys as (
    delete from idempotency_keys where ctid = any (array(
      select ctid from idempotency_keys where created_at < now() - interval '24 hours'
      order by created_at limit p_limit for update skip locked))
    returning 1
  ), old_sessions as (
    -- With their refresh tokens.
    delete from sessions where id = any (array(
      select id from sessions where expires_at < now() order by expires_at limit p_limit for update skip locked))
    returning 1
  ), old_events as (
    delete from provider_events where ctid = any (array(
      select ctid from provider_events where received_at < now() - interval '30 days'
      order by received_at limit p_limit for update skip locked))
    returning 1
  )
  select (select count(*) from old_keys)::integer + (select count(*) from old_sessions)::integer
    + (select count(*) from old_events)::integer
$function$;

CREATE OR REPLACE FUNCTION clearing_account()
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select '00000000-0000-7000-8000-000000000001'::uuid
$function$;

CREATE OR REPLACE FUNCTION debit_wallet(o orders, p_payment_id uuid)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION feed_lag_seconds()
 RETURNS double precision
 LANGUAGE sql
AS $function$
  select coalesce((
    select greatest(extract(epoch from clock_timestamp() - e.at), 0)
    from feed_position p, unsequenced_events(p) e
    order by e.xid, e.id limit 1
  ), 0)::double precision
$function$;

CREATE OR REPLACE FUNCTION has_room(s pickup_slots, p_make_seconds bigint)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select s.reserved_orders < s.capacity_orders
    and (s.capacity_make_seconds is null or s.reserved_make_seconds + p_make_seconds <= s.capacity_make_seconds)
$function$;

CREATE OR REPLACE FUNCTION is_open(p_cafeteria_id uuid, p_time_zone text, p_kind text, p_at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
AS $function$
declare
  here constant timestamp := p_at at time zone p_time_zone;
  exception_today schedule_exceptions;
begin
  select * into exception_today from schedule_exceptions where cafeteria_id = p_cafeteria_id and date = here::date;
  if found then
    return coalesce(here::time >= exception_today.opens and here::time < exception_today.closes, false);
  end if;
  return exists (
    select from opening_hours
    where cafeteria_id = p_cafeteria_id and kind = p_kind and weekday = extract(isodow from here)
      and opens <= here::time and here::time < closes
  );
end $function$;

CREATE OR REPLACE FUNCTION last_menu_change(p_cafeteria_id uuid, p_time_zone text, p_at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  select max(moment)
  from mealtimes t
  cross join generate_series(0, 1) days
  cross join lateral (select (p_at at time zone p_time_zone)::date - days as date) day
  cross join lateral (values
    ((day.date + t.starts) at time zone p_time_zone),
    ((day.date + t.ends) at time zone p_time_zone + interval '1 microsecond')
  ) change (moment)
  where t.cafeteria_id = p_cafeteria_id and moment <= p_at
$function$;

CREATE OR REPLACE FUNCTION move_order(p_order_id uuid, p_to text, p_staff_from text[], p_customer_from text[], p_actor_id uuid, p_actor_role text, p_actor_cafeterias uuid[], p_reason text, p_request_id text, p_expected_version integer, p_pickup_code text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  o orders;
  moved orders;
  as_staff boolean;
  allowed text[];
  outcome text;
begin
  select * into o from orders
  where id = p_order_id
    and (user_id = p_actor_id or p_actor_role = 'admin' or cafeteria_id = any (p_actor_cafeterias));
  if not found then
    return null;
  end if;
  as_staff := p_actor_role = 'admin' or o.cafeteria_id = any (p_actor_cafeterias);
  allowed := case when as_staff then p_staff_from else p_customer_from end;

  if allowed is null then
    outcome := 'forbidden';
  elsif p_expected_version is not null and o.version <> p_expected_version then
    outcome := 'version_conflict';
  elsif p_pickup_code is not null and o.pickup_code <> p_pickup_code then
    outcome := 'wrong_pickup_code';
  elsif o.status = p_to then
    outcome := 'unchanged';
  elsif as_staff and p_reason is null and p_to in ('rejected', 'cancelled') and o.user_id <> p_actor_id then
    outcome := 'reason_required';
  else
    moved := transition_order(p_order_id, allowed, p_to, p_actor_id, case when as_staff then p_actor_role else 'customer' end,
      p_reason, p_request_id, p_expected_version, p_pickup_code);
    if moved.id is not null then
      return jsonb_build_object('outcome', 'moved', 'order', order_document(moved));
    end if;
    -- Not from here, or somebody was faster: say what it is now.
    select * into o from orders where id = p_order_id;
    outcome := case when o.status = p_to then 'unchanged'
      when p_expected_version is not null and o.version <> p_expected_version then 'version_conflict'
      else 'illegal' end;
  end if;
  return jsonb_build_object('outcome', outcome, 'order', order_document(o));
end $function$;

CREATE OR REPLACE FUNCTION next_free_slot(p_cafeteria_id uuid, p_at timestamp with time zone, p_make_seconds bigint)
 RETURNS pickup_slots
 LANGUAGE sql
 STABLE
AS $function$
  select * from pickup_slots s
  where s.cafeteria_id = p_cafeteria_id and s.starts_at > p_at - interval '2 hours'
    and s.ends_at > p_at + make_interval(secs => p_make_seconds) and not s.closed and has_room(s, p_make_seconds)
  order by s.starts_at limit 1
$function$;

CREATE OR REPLACE FUNCTION next_hours_change(p_cafeteria_id uuid, p_time_zone text, p_at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  select least(
    (today.date + 1)::timestamp at time zone p_time_zone,
    (
      select min(moment)
      from (values ('opening'), ('ordering')) kind (name)
      cross join lateral opening_windows(p_cafeteria_id, kind.name, today.date, today.date) w
      cross join lateral (values (w.opens_at), (w.closes_at)) change (moment)
      where moment > p_at
    )
  )
  from (select (p_at at time zone p_time_zone)::date as date) today
$function$;

CREATE OR REPLACE FUNCTION next_menu_change(p_cafeteria_id uuid, p_time_zone text, p_at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  select min(moment)
  from mealtimes t
  cross join generate_series(0, 1) days
  cross join lateral (select (p_at at time zone p_time_zone)::date + days as date) day
  cross join lateral (values
    ((day.date + t.starts) at time zone p_time_zone),
    ((day.date + t.ends) at time zone p_time_zone + interval '1 microsecond')
  ) change (moment)
  where t.cafeteria_id = p_cafeteria_id and moment > p_at
$function$;

CREATE OR REPLACE FUNCTION next_opening(p_cafeteria_id uuid, p_at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
AS $function$
  select min(opens_at)
  from opening_windows(p_cafeteria_id, 'opening', (p_at - interval '1 day')::date, (p_at + interval '14 days')::date)
  where opens_at > p_at
$function$;

CREATE OR REPLACE FUNCTION note_stock_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (old.stock_quantity = 0) is distinct from (new.stock_quantity = 0) then
    perform set_config('comanda.stock_changed', 'yes', true);
  elsif coalesce(current_setting('comanda.stock_changed', true), '') = '' then
    perform set_config('comanda.stock_changed', 'quantity', true);
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION open_refund(p payments, p_cafeteria_id uuid, p_amount_cents bigint, p_reason text, p_requested_by uuid)
 RETURNS refunds
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION open_sales_account()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into accounts (id, kind, currency) values (new.id, 'sales', new.currency);
  return new;
end $function$;

CREATE OR REPLACE FUNCTION opening_windows(p_cafeteria_id uuid, p_kind text, p_from date, p_to date)
 RETURNS TABLE(opens_at timestamp with time zone, closes_at timestamp with time zone)
 LANGUAGE sql
 STABLE
AS $function$
  select (day.date + hours.opens) at time zone c.time_zone, (day.date + hours.closes) at time zone c.time_zone
  from cafeterias c
  cross join lateral (select d::date as date from generate_series(p_from, p_to, interval '1 day') d) day
  left join schedule_exceptions e on e.cafeteria_id = c.id and e.date = day.date
  cross join lateral (
    select e.opens, e.closes where e.opens is not null
    union all
    select h.opens, h.closes from opening_hours h
    where e.id is null and h.cafeteria_id = c.id and h.kind = p_kind and h.weekday = extract(isodow from day.date)
  ) hours
  where c.id = p_cafeteria_id
$function$;

CREATE OR REPLACE FUNCTION order_answer(o orders, items json, payment payments)
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
  select json_build_object('id', o.id, 'status', o.status, 'version', o.version, 'cafeteriaId', o.cafeteria_id,
    'userId', o.user_id, 'slotId', o.slot_id, 'items', items, 'totalCents', o.total_cents, 'currency', o.currency,
    'paymentMethod', o.payment_method, 'payment', json_build_object('id', payment.id, 'provider', payment.provider,
      'status', payment.status, 'amountCents', payment.amount_cents, 'refundedCents', payment.refunded_cents,
      'declineCode', payment.decline_code),
    'pickupAt', o.pickup_at, 'pickupUntil', o.pickup_until, 'promisedAt', o.promised_at, 'pickupCode', o.pickup_code,
    'qrPayload', qr_payload(o), 'reason', o.reason, 'deadlineAt', o.deadline_at, 'createdAt', o.created_at,
    'updatedAt', o.updated_at, 'placedAt', o.placed_at, 'acceptedAt', o.accepted_at, 'startedAt', o.started_at,
    'readyAt', o.ready_at, 'closedAt', o.closed_at)
$function$;

CREATE OR REPLACE FUNCTION order_document(o orders)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select order_document(o,
    array(select i from order_items i where i.order_id = o.id),
    (select p from payments p where p.order_id = o.id order by p.created_at desc, p.id desc limit 1))
$function$;

CREATE OR REPLACE FUNCTION order_document(o orders, items order_items[], payment payments)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select to_jsonb(o) || jsonb_build_object(
    'qr_payload', qr_payload(o),
    'items', (
      select jsonb_agg(jsonb_build_object('id', i.id, 'product_id', i.product_id, 'name', i.name, 'quantity', i.quantity,
        'unit_price_cents', i.unit_price_cents, 'modifiers', i.modifiers, 'note', i.note) order by i.position)
      from unnest(items) i
    ),
    'payment', case when payment.id is not null then jsonb_build_object('id', payment.id, 'provider', payment.provider,
      'status', payment.status, 'amount_cents', payment.amount_cents, 'refunded_cents', payment.refunded_cents,
      'decline_code', payment.decline_code) end
  )
$function$;

CREATE OR REPLACE FUNCTION payment_document(p payments)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select jsonb_build_object('id', p.id, 'purpose', p.purpose, 'order_id', p.order_id,
    'method', case p.provider when 'wallet' then 'wallet' else 'card' end, 'provider', p.provider,
    'amount_cents', p.amount_cents, 'currency', p.currency, 'status', p.status, 'refunded_cents', p.refunded_cents,
    'decline_code', p.decline_code, 'created_at', p.created_at, 'updated_at', p.updated_at)
$function$;

CREATE OR REPLACE FUNCTION place_order(p_user_id uuid, p_cafeteria_id uuid, p_slot_id uuid, p_items jsonb, p_payment_method text, p_provider text, p_expected_total_cents bigint, p_idempotency_key text, p_request_hash bytea, p_request_id text, OUT answer json, OUT replay jsonb)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  at constant timestamptz := now();
  v_wallet constant boolean := p_payment_method = 'wallet';
  c cafeterias;
  slot pickup_slots;
  priced record;
  v_made_at timestamptz;
  v_pickup_at timestamptz;
  o orders;
  payment payments;
  taken record;
begin
  if p_idempotency_key is not null then
    replay := claim_idempotency_key(p_user_id, p_idempotency_key, 'place_order', p_request_hash);
    if replay is not null then
      return;
    end if;
  end if;

  select * into c from cafeterias where id = p_cafeteria_id and deleted_at is null;
  if not found then
    perform refuse('cafeteria_unknown');
  elsif c.paused_at is not null then
    perform refuse('cafeteria_paused', jsonb_build_object('reason', c.pause_reason));
  elsif not is_open(c.id, c.time_zone, 'ordering', at) then
    perform refuse('cafeteria_closed');
  end if;

  if p_slot_id is not null then
    select * into slot from pickup_slots where id = p_slot_id and cafeteria_id = c.id;
    if not found then
      perform refuse('slot_unknown');
    elsif slot.closed or slot.ends_at <= at then
      perform refuse('slot_closed');
    end if;
  end if;

  select * into priced from price_lines(c.id, c.time_zone, p_items, greatest(slot.starts_at, at));
  if priced.problem is not null then
    perform refuse(priced.problem, priced.problem_detail);
  elsif priced.total_cents <> p_expected_total_cents then
    perform refuse('price_changed', jsonb_build_object('total_cents', priced.total_cents));
  end if;

  if p_slot_id is null then
    slot := next_free_slot(c.id, at, priced.make_seconds);
    if slot.id is null then
      perform refuse('no_slot_available');
    end if;
  elsif not has_room(slot, priced.make_seconds) then
    perform refuse('slot_full');
  end if;

  -- Within the slot, but not before the food can be made.
  v_made_at := at + make_interval(secs => priced.make_seconds);
  v_pickup_at := greatest(slot.starts_at, v_made_at);
  loop
    insert into orders (cafeteria_id, user_id, slot_id, status, total_cents, currency, make_seconds, payment_method,
      pickup_at, pickup_until, promised_at, pickup_date, pickup_code, deadline_at, placed_at, items)
    values (c.id, p_user_id, slot.id, case when v_wallet then 'placed' else 'pending_payment' end, priced.total_cents,
      c.currency, priced.make_seconds, p_payment_method, v_pickup_at, greatest(slot.ends_at, v_made_at), v_pickup_at,
      (v_pickup_at at time zone c.time_zone)::date, random_pickup_code(),
      at + make_interval(secs => case when v_wallet then c.acceptance_seconds else c.payment_seconds end),
      case when v_wallet then at end, priced.shown)
    on conflict (cafeteria_id, pickup_date, pickup_code) do nothing
    returning * into o;
    exit when found;
  end loop;

  insert into order_items
  select i.id, o.id, i.position, i.product_id, i.name, i.quantity, i.unit_price_cents, i.modifiers, i.note, i.stock_taken
  from unnest(priced.kept) i;

  insert into order_events (order_id, cafeteria_id, version, type, actor_id, actor_role, request_id)
  values (o.id, o.cafeteria_id, o.version, 'order.' || o.status, p_user_id, 'customer', p_request_id);

  insert into payments (purpose, order_id, user_id, provider, amount_cents, currency, status, next_attempt_at)
  values ('order', o.id, p_user_id, p_provider, o.total_cents, o.currency,
    case when v_wallet then 'captured' else 'pending' end,
    -- Should this process die before it has asked the provider, the worker asks what became of it.
    case when not v_wallet then at + interval '30 seconds' end)
  returning * into payment;

  if v_wallet then
    perform debit_wallet(o, payment.id);
  end if;

  if v_wallet and c.auto_accept then
    o := transition_order(o.id, array['placed'], 'accepted', null, 'system', null, p_request_id);
  end if;

  if priced.counted then
    for taken in
      select i.product_id, sum(i.quantity) as quantity from unnest(priced.kept) i
      where i.stock_taken group by i.product_id order by i.product_id
    loop
      update products set stock_quantity = stock_quantity - taken.quantity
      where id = taken.product_id and stock_quantity >= taken.quantity;
      if not found then
        perform refuse('product_unavailable', jsonb_build_object('product_id', taken.product_id,
          'available_quantity', (select stock_quantity from products where id = taken.product_id)));
      end if;
    end loop;
  end if;

  loop
    update pickup_slots s
    set reserved_orders = s.reserved_orders + 1, reserved_make_seconds = s.reserved_make_seconds + o.make_seconds
    where s.id = slot.id and not s.closed and has_room(s, o.make_seconds);
    exit when found;
    if p_slot_id is not null then
      perform refuse('slot_full');
    end if;
    -- Somebody took the last place since we looked: the next one will do.
    slot := next_free_slot(c.id, at, priced.make_seconds);
    if slot.id is null then
      perform refuse('no_slot_available');
    end if;
    v_pickup_at := greatest(slot.starts_at, v_made_at);
    update orders set slot_id = slot.id, pickup_at = v_pickup_at, pickup_until = greatest(slot.ends_at, v_made_at),
      promised_at = v_pickup_at
    where id = o.id returning * into o;
  end loop;

  answer := order_answer(o, priced.shown, payment);
  if p_idempotency_key is not null then
    insert into idempotency_keys (user_id, key, operation, request_hash, subject_id, answer)
    values (p_user_id, p_idempotency_key, 'place_order', p_request_hash, o.id, case when v_wallet then answer end);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION place_order(p_user_id uuid, p_order jsonb, p_idempotency_key text, p_request_hash bytea, p_request_id text)
 RETURNS jsonb
 LANGUAGE sql
AS $function$
  select case when placed.replay is null then jsonb_build_object('order', placed.answer)
    else jsonb_build_object('replay', placed.replay) end
  from place_order(p_user_id, (p_order ->> 'cafeteria_id')::uuid, (p_order ->> 'slot_id')::uuid, p_order -> 'items',
    p_order ->> 'payment_method', p_order ->> 'provider', (p_order ->> 'expected_total_cents')::bigint,
    p_idempotency_key, p_request_hash, p_request_id) placed
$function$;

CREATE OR REPLACE FUNCTION price_lines(p_cafeteria_id uuid, p_time_zone text, p_items jsonb, p_pickup_at timestamp with time zone)
 RETURNS TABLE(kept order_items[], shown json, counted boolean, total_cents bigint, make_seconds bigint, problem text, problem_detail jsonb)
 LANGUAGE sql
 STABLE
AS $function$
  select
    array_agg(row (id, null, position, product_id, name, quantity, unit_price_cents, modifiers_kept, note, counted)::order_items
      order by position),
    json_agg(json_build_object('id', id, 'productId', product_id, 'name', name, 'quantity', quantity,
      'unitPriceCents', unit_price_cents, 'modifiers', modifiers_shown, 'note', note) order by position),
    bool_or(counted),
    sum(unit_price_cents * quantity),
    sum(make_seconds::bigint * quantity),
    (array_agg(problem order by position) filter (where problem is not null))[1],
    (array_agg(jsonb_strip_nulls(jsonb_build_object('line', position - 1, 'product_id', product_id, 'available_quantity',
      stock_quantity, 'group', group_name, 'min_select', min_select, 'max_select', max_select)) order by position)
      filter (where problem is not null))[1]
  from (
    select uuidv7() as id, l.position, l.product_id, l.quantity, l.note, p.name, p.make_seconds, p.stock_quantity,
      p.price_cents + coalesce(m.delta_cents, 0) as unit_price_cents, p.stock_quantity is not null as counted,
      coalesce(m.kept, '[]') as modifiers_kept, coalesce(m.shown, '[]') as modifiers_shown,
      g.name as group_name, g.min_select, g.max_select,
      case
        when p.id is null then 'product_unknown'
        when not p.available or p.stock_quantity < l.quantity then 'product_unavailable'
        when p.mealtime_id is not null and not exists (
          select from mealtimes t
          where t.id = p.mealtime_id and (p_pickup_at at time zone p_time_zone)::time between t.starts and t.ends
        ) then 'product_not_served'
        when cardinality(l.modifier_ids) > m.matched then 'modifier_unknown'
        when g.name is not null or p.price_cents + coalesce(m.delta_cents, 0) < 0 then 'modifier_choice_invalid'
      end as problem
    from rows from (
      jsonb_to_recordset(p_items) as (product_id uuid, quantity integer, modifier_ids uuid[], note text)
    ) with ordinality as l (product_id, quantity, modifier_ids, note, position)
    left join products p on p.id = l.product_id and p.cafeteria_id = p_cafeteria_id and p.deleted_at is null
    cross join lateral chosen_modifiers(l.product_id, l.modifier_ids) m
    left join lateral wrongly_chosen_group(l.product_id, l.modifier_ids) g on true
  ) line
$function$;

CREATE OR REPLACE FUNCTION prune_feed(p_age interval, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  head feed_heads;
  v_before bigint;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('comanda feed retention', 0)) then
    return 0;
  end if;
  select h.* into head from feed_heads h
  cross join lateral (
    select f.event_id from feed f where f.cafeteria_id = h.cafeteria_id and f.seq = h.first_seq
  ) oldest
  join order_events e on e.id = oldest.event_id
  where e.at < now() - p_age limit 1;
  if not found then
    return 0;
  end if;

  -- Everything before the first entry that is not old: times need not grow with the numbers.
  select min(page.seq) filter (where e.at >= now() - p_age) into v_before from (
    select f.seq, f.event_id from feed f
    where f.cafeteria_id = head.cafeteria_id and f.seq >= head.first_seq order by f.seq limit p_limit
  ) page join order_events e on e.id = page.event_id;
  v_before := coalesce(v_before, least(head.first_seq + p_limit, head.seq + 1));

  delete from feed where cafeteria_id = head.cafeteria_id and seq >= head.first_seq and seq < v_before;
  update feed_heads set first_seq = v_before where cafeteria_id = head.cafeteria_id;
  return v_before - head.first_seq;
end $function$;

CREATE OR REPLACE FUNCTION qr_payload(o orders)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select qr_payload(o.id, o.pickup_code)
$function$;

CREATE OR REPLACE FUNCTION qr_payload(p_order_id uuid, p_pickup_code text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select 'comanda:collect:' || p_order_id || ':' || p_pickup_code
$function$;

CREATE OR REPLACE FUNCTION raise_catalogue_version()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into catalogue_versions as v (cafeteria_id)
  select owner from (
    select catalogue_owner(tg_table_name, to_jsonb(new)) union select catalogue_owner(tg_table_name, to_jsonb(old))
  ) touched (owner)
  where owner is not null order by owner
  on conflict (cafeteria_id) do update set version = v.version + 1, xid = excluded.xid, changed_at = excluded.changed_at
    where v.xid <> excluded.xid;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION raised_catalogue_versions()
 RETURNS TABLE(cafeteria_id uuid, version bigint)
 LANGUAGE plpgsql
AS $function$
begin
  set constraints all immediate;
  return query select v.cafeteria_id, v.version from catalogue_versions v where v.xid = pg_current_xact_id_if_assigned();
end $function$;

CREATE OR REPLACE FUNCTION random_pickup_code()
 RETURNS text
 LANGUAGE sql
AS $function$
  select random_pickup_letter() || random_pickup_letter() || random_pickup_letter() || random_pickup_letter()
$function$;

CREATE OR REPLACE FUNCTION random_pickup_letter()
 RETURNS text
 LANGUAGE sql
AS $function$
  select substr('23456789ABCDEFGHJKLMNPQRSTUVWXYZ', 1 + floor(random() * 32)::integer, 1)
$function$;

CREATE OR REPLACE FUNCTION receive_provider_event(p_provider text, p_event_id text, p_payload jsonb, p_payment_id uuid, p_outcome text, p_reference text, p_decline_code text, p_request_id text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
begin
  insert into provider_events (provider, event_id, payload) values (p_provider, p_event_id, p_payload)
  on conflict do nothing;
  if not found then
    return jsonb_build_object('duplicate', true, 'settled', null);
  end if;
  return jsonb_build_object('duplicate', false,
    'settled', settle_authorization(p_payment_id, p_outcome, p_reference, p_decline_code, null, p_request_id));
end $function$;

CREATE OR REPLACE FUNCTION refresh_slots(p_cafeteria_id uuid, p_days integer DEFAULT 7)
 RETURNS integer
 LANGUAGE plpgsql
AS $function$
declare
  opened integer;
  shut integer;
begin
  -- One refresh of a cafeteria at a time: two would meet in its slots in different orders.
  perform from cafeterias where id = p_cafeteria_id for no key update;

  insert into pickup_slots as slot (cafeteria_id, starts_at, ends_at, capacity_orders, capacity_make_seconds)
  select p_cafeteria_id, w.starts_at, w.ends_at, w.capacity_orders, w.capacity_make_seconds
  from wanted_slots(p_cafeteria_id, p_days) w
  on conflict (cafeteria_id, starts_at) do update set ends_at = excluded.ends_at, closed = false
    where (slot.closed and slot.ends_at = excluded.ends_at) or (slot.reserved_orders = 0 and slot.ends_at <> excluded.ends_at);
  get diagnostics opened = row_count;

  update pickup_slots s set closed = true
  where s.cafeteria_id = p_cafeteria_id and s.ends_at > now() and not s.closed
    and not exists (
      select from wanted_slots(p_cafeteria_id, p_days) w where w.starts_at = s.starts_at and w.ends_at = s.ends_at
    );
  get diagnostics shut = row_count;
  return opened + shut;
end $function$;

CREATE OR REPLACE FUNCTION refund_document(r refunds, p payments)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select jsonb_build_object('id', r.id, 'payment_id', p.id, 'order_id', p.order_id, 'amount_cents', r.amount_cents,
    'currency', p.currency, 'reason', r.reason, 'status', r.status, 'created_at', r.created_at)
$function$;

CREATE OR REPLACE FUNCTION refuse(p_code text, p_detail jsonb DEFAULT '{}'::jsonb)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  raise exception using errcode = 'CM001', message = p_code, detail = p_detail::text;
end $function$;

CREATE OR REPLACE FUNCTION refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is only ever appended to', tg_table_name using errcode = 'restrict_violation';
end $function$;

CREATE OR REPLACE FUNCTION relay_events(p_limit integer, OUT numbered integer, OUT relayed jsonb)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  v_event_ids bigint[];
begin
  select coalesce(array_agg(event_id), '{}') into v_event_ids from sequence_events(p_limit);
  numbered := cardinality(v_event_ids);
  if numbered = 0 then
    relayed := '[]';
    return;
  end if;
  select coalesce(jsonb_agg(jsonb_build_object('userId', r.user_id, 'message', jsonb_build_object('seq', r.seq,
    'cafeteriaId', r.cafeteria_id, 'event', r.event, 'order', r."order")) order by r.cafeteria_id, r.seq), '[]')
  into relayed from relayed_orders r where r.event_id = any (v_event_ids);
end $function$;

CREATE OR REPLACE FUNCTION release_holds(o orders)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  taken record;
begin
  for taken in
    select product_id, sum(quantity) as quantity from order_items
    where order_id = o.id and stock_taken group by product_id order by product_id
  loop
    update products set stock_quantity = stock_quantity + taken.quantity
    where id = taken.product_id and stock_quantity is not null;
  end loop;
  update pickup_slots
  set reserved_orders = reserved_orders - 1, reserved_make_seconds = reserved_make_seconds - o.make_seconds
  where id = o.slot_id;
end $function$;

CREATE OR REPLACE FUNCTION request_refund(p_actor_id uuid, p_cafeterias uuid[], p_payment_id uuid, p_amount_cents bigint, p_reason text, p_idempotency_key text, p_request_hash bytea, p_request_id text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  replay jsonb;
  o orders;
  p payments;
  r refunds;
  v_left bigint;
  answer jsonb;
begin
  if p_idempotency_key is not null then
    replay := claim_idempotency_key(p_actor_id, p_idempotency_key, 'refund', p_request_hash);
    if replay is not null then
      return jsonb_build_object('replay', replay);
    end if;
  end if;

  select orders.* into o from orders join payments on payments.order_id = orders.id
  where payments.id = p_payment_id and (p_cafeterias is null or orders.cafeteria_id = any (p_cafeterias))
  for no key update of orders;
  if not found then
    perform refuse('payment_not_found');
  end if;
  select * into p from payments where id = p_payment_id for no key update;
  v_left := p.amount_cents - p.refunded_cents;
  if p.status not in ('capturing', 'captured') then
    perform refuse('payment_not_refundable', jsonb_build_object('payment_status', p.status));
  elsif v_left = 0 or p_amount_cents > v_left then
    perform refuse('refund_exceeds_payment', jsonb_build_object('refundable_cents', v_left));
  end if;

  r := open_refund(p, o.cafeteria_id, coalesce(p_amount_cents, v_left), p_reason, p_actor_id);
  answer := refund_document(r, p);
  insert into audit_log (actor_id, action, subject_type, subject_id, before, after, request_id)
  values (p_actor_id, 'payment.refunded', 'payment', p.id, jsonb_build_object('refunded_cents', p.refunded_cents),
    jsonb_build_object('refunded_cents', p.refunded_cents + r.amount_cents, 'refund', answer), p_request_id);
  if p_idempotency_key is not null then
    insert into idempotency_keys (user_id, key, operation, request_hash, subject_id, answer)
    values (p_actor_id, p_idempotency_key, 'refund', p_request_hash, r.id, answer);
  end if;
  return jsonb_build_object('refund', answer);
end $function$;

CREATE OR REPLACE FUNCTION retry_at(p_attempts integer)
 RETURNS timestamp with time zone
 LANGUAGE sql
AS $function$
  select now() + make_interval(secs => least(300, 2 * 2 ^ least(p_attempts, 8)) * (0.75 + random() / 2))
$function$;

CREATE OR REPLACE FUNCTION return_payment(o orders, p_actor_id uuid)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
declare
  p payments;
begin
  select * into p from payments
  where order_id = o.id and status in ('pending', 'unknown', 'authorized', 'capturing', 'captured') for no key update;
  if not found then
    return;
  end if;
  if p.status = 'authorized' then
    update payments set status = 'voiding', next_attempt_at = now(), updated_at = now() where id = p.id;
  elsif p.status in ('capturing', 'captured') and p.amount_cents > p.refunded_cents then
    perform open_refund(p, o.cafeteria_id, p.amount_cents - p.refunded_cents, coalesce(o.reason, o.status), p_actor_id);
  end if;
  -- pending and unknown: the worker finds out what became of it, and voids it if it went through.
end $function$;

CREATE OR REPLACE FUNCTION run_order_timer()
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  o orders;
  c cafeterias;
  moved orders;
begin
  select * into o from orders where deadline_at <= now() order by deadline_at limit 1 for no key update skip locked;
  if not found then
    return null;
  end if;
  select * into c from cafeterias where id = o.cafeteria_id;
  begin
    if o.status = 'pending_payment' then
      moved := transition_order(o.id, array['pending_payment'], 'expired', null, 'system', p_only_if_due => true);
    elsif o.status = 'ready' then
      moved := transition_order(o.id, array['ready'], 'uncollected', null, 'system', p_only_if_due => true);
    elsif o.status = 'placed' and is_open(c.id, c.time_zone, 'opening', now()) then
      moved := transition_order(o.id, array['placed'], 'rejected', null, 'system', 'no answer', p_only_if_due => true);
    else
      update orders set deadline_at = case when o.status = 'placed' then
        coalesce(next_opening(c.id, now()), now() + interval '1 day') + make_interval(secs => c.acceptance_seconds) end
      where id = o.id;
    end if;
  exception when others then
    -- One order that cannot be moved must not hold up those behind it.
    update orders set deadline_at = now() + interval '1 minute' where id = o.id;
    return jsonb_build_object('order_id', o.id, 'cafeteria_id', c.id, 'from', o.status, 'to', null, 'problem', sqlerrm);
  end;
  return jsonb_build_object('order_id', o.id, 'cafeteria_id', c.id, 'from', o.status, 'to', moved.status);
end $function$;

CREATE OR REPLACE FUNCTION sequence_events(p_limit integer)
 RETURNS SETOF feed
 LANGUAGE plpgsql
AS $function$
declare
  p feed_position;
begin
  -- Until the end of the transaction, which a lost worker cannot keep open: it is this statement.
  if not pg_try_advisory_xact_lock(hashtextextended('comanda feed', 0)) then
    return;
  end if;
  -- A statement of its own after the lock sees what the last holder did.
  select * into strict p from feed_position;
  if p.xid >= pg_snapshot_xmax(pg_current_snapshot()) then
    raise exception 'the feed has come to transaction %, and this server only to %', p.xid, pg_snapshot_xmax(pg_current_snapshot())
      using hint = 'Transaction ids do not survive a logical restore. Move feed_position to what the restored feed holds.';
  end if;

  return query
  with batch as materialized (
    select e.* from unsequenced_events(p) e
    where e.xid < pg_snapshot_xmin(pg_current_snapshot())
    order by e.xid, e.id limit p_limit
  ), reached as materialized (
    select b.xid, b.id from batch b order by b.xid desc, b.id desc limit 1
  ), earlier as materialized (
    select e.* from (select b.order_id, max(b.version) as version from batch b group by b.order_id) moved
    cross join reached r
    join order_events e on e.order_id = moved.order_id and e.version < moved.version
    where (e.xid, e.id) > (r.xid, r.id) and e.id <> all (p.ahead)
  ), numbered as (
    select e.cafeteria_id, e.id,
      coalesce(h.seq, 0) + row_number() over (partition by e.cafeteria_id order by e.id) as seq
    from (select * from batch union all select * from earlier) e
    left join feed_heads h on h.cafeteria_id = e.cafeteria_id
  ), heads as (
    insert into feed_heads as h (cafeteria_id, seq)
    select n.cafeteria_id, max(n.seq) from numbered n group by n.cafeteria_id
    on conflict (cafeteria_id) do update set seq = excluded.seq
  ), position as (
    update feed_position set xid = r.xid, event_id = r.id, ahead = array(
      select e.id from order_events e
      where e.id = any (p.ahead || array(select id from earlier)) and (e.xid, e.id) > (r.xid, r.id))
    from reached r
  )
  insert into feed (cafeteria_id, seq, event_id)
  select n.cafeteria_id, n.seq, n.id from numbered n
  returning *;
end $function$;

CREATE OR REPLACE FUNCTION settle_authorization(p_payment_id uuid, p_outcome text, p_reference text DEFAULT NULL::text, p_decline_code text DEFAULT NULL::text, p_idempotency_key text DEFAULT NULL::text, p_request_id text DEFAULT NULL::text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  o orders;
  p payments;
  placed orders;
  was text;
  answer jsonb;
begin
  select orders.* into o from orders join payments on payments.order_id = orders.id
  where payments.id = p_payment_id for no key update of orders;
  select * into p from payments where id = p_payment_id for no key update;
  if not found then
    return null;
  end if;

  was := p.status;
  if was in ('pending', 'unknown') then
    p.status := p_outcome;
  elsif was in ('declined', 'failed') and p_outcome = 'authorized' then
    p.status := 'voiding';
  end if;
  if p.status = 'authorized' and p.purpose = 'top_up' then
    p.status := 'capturing';
  elsif p.status = 'authorized' and was <> 'authorized' then
    placed := transition_order(o.id, array['pending_payment'], 'placed', p.user_id, 'customer', null, p_request_id);
    if placed.id is null then
      p.status := 'voiding';
    else
      o := placed;
    end if;
  end if;

  if p.status <> was or was in ('pending', 'unknown') then
    update payments set
      status = p.status,
      provider_reference = coalesce(p_reference, provider_reference),
      decline_code = p_decline_code,
      next_attempt_at = case
        when p.status in ('unknown', 'pending') then retry_at(attempts)
        when p.status in ('capturing', 'voiding') then now() end,
      updated_at = now()
    where id = p.id returning * into p;
  end if;
  if placed.id is not null and (select auto_accept from cafeterias where id = o.cafeteria_id) then
    o := transition_order(o.id, array['placed'], 'accepted', null, 'system', null, p_request_id);
  end if;

  answer := jsonb_build_object('changed', p.status <> was,
    'payment', case p.purpose when 'order' then payment_document(p) else top_up_document(p) end,
    'order', case p.purpose when 'order' then order_document(o) end);
  if p_idempotency_key is not null and p.status <> 'capturing' then
    perform answer_key(p.user_id, p_idempotency_key,
      case p.purpose when 'order' then answer -> 'order' else answer -> 'payment' end, p.status = 'failed');
  end if;
  return answer;
end $function$;

CREATE OR REPLACE FUNCTION settle_capture(p_payment_id uuid, p_succeeded boolean DEFAULT true, p_idempotency_key text DEFAULT NULL::text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  p payments;
  v_changed boolean;
  v_cafeteria_id uuid;
begin
  select * into p from payments where id = p_payment_id for no key update;
  if not found then
    return null;
  end if;
  v_changed := p.status = 'capturing';
  if v_changed then
    update payments set status = case when p_succeeded then 'captured' else 'failed' end, next_attempt_at = null,
      refunded_cents = case when p_succeeded then refunded_cents else 0 end, updated_at = now()
    where id = p.id returning * into p;
  end if;
  if v_changed and not p_succeeded then
    update refunds set status = 'failed', next_attempt_at = null, updated_at = now()
    where payment_id = p.id and status = 'pending';
  elsif v_changed and p.amount_cents > 0 then
    select cafeteria_id into v_cafeteria_id from orders where id = p.order_id;
    if p.purpose = 'top_up' then
      insert into accounts as wallet (id, kind, currency, balance_cents) values (p.user_id, 'wallet', p.currency, p.amount_cents)
      on conflict (id) do update set balance_cents = wallet.balance_cents + excluded.balance_cents;
    end if;
    insert into entries (debit_account_id, credit_account_id, kind, method, amount_cents, currency, user_id, order_id, payment_id)
    values (clearing_account(), coalesce(v_cafeteria_id, p.user_id), case p.purpose when 'order' then 'payment' else 'top_up' end,
      'card', p.amount_cents, p.currency, p.user_id, p.order_id, p.id);
  end if;
  if p_idempotency_key is not null then
    perform answer_key(p.user_id, p_idempotency_key, top_up_document(p), p.status = 'failed');
  end if;
  return jsonb_build_object('changed', v_changed,
    'payment', case p.purpose when 'top_up' then top_up_document(p) else payment_document(p) end);
end $function$;

CREATE OR REPLACE FUNCTION settle_refund(p_refund_id uuid, p_succeeded boolean, p_reference text DEFAULT NULL::text)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
declare
  r refunds;
  p payments;
begin
  select payments.* into p from payments join refunds on refunds.payment_id = payments.id
  where refunds.id = p_refund_id for no key update of payments;
  update refunds set status = case when p_succeeded then 'succeeded' else 'failed' end, next_attempt_at = null,
    provider_reference = p_reference, updated_at = now()
  where id = p_refund_id and status = 'pending' returning * into r;
  if not found then
    return false;
  end if;
  if p_succeeded then
    insert into entries (debit_account_id, credit_account_id, kind, method, amount_cents, currency, user_id, order_id,
      payment_id, refund_id)
    select o.cafeteria_id, clearing_account(), 'refund', 'card', r.amount_cents, p.currency, p.user_id, o.id, p.id, r.id
    from orders o where o.id = p.order_id;
  else
    update payments set refunded_cents = refunded_cents - r.amount_cents, updated_at = now() where id = p.id;
  end if;
  return true;
end $function$;

CREATE OR REPLACE FUNCTION settle_void(p_payment_id uuid)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
begin
  update payments set status = 'voided', next_attempt_at = null, updated_at = now()
  where id = p_payment_id and status in ('pending', 'unknown', 'voiding');
  return found;
end $function$;

CREATE OR REPLACE FUNCTION shown_lines(p_order_id uuid)
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(json_agg(line), '[]')::text from (
    select id, product_id as "productId", name, quantity, unit_price_cents as "unitPriceCents", note, (
        select coalesce(jsonb_agg(jsonb_build_object('modifierId', chosen -> 'modifier_id', 'name', chosen -> 'name',
          'priceDeltaCents', chosen -> 'price_delta_cents')), '[]')
        from jsonb_array_elements(modifiers) chosen
      ) as modifiers
    from order_items where order_id = p_order_id order by position
  ) line
$function$;

CREATE OR REPLACE FUNCTION start_payment(p_user_id uuid, p_order_id uuid, p_provider text, p_idempotency_key text, p_request_hash bytea, p_request_id text)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  v_wallet constant boolean := p_provider = 'wallet';
  replay jsonb;
  o orders;
  active payments;
  v_payment_id uuid;
  answer jsonb;
begin
  if p_idempotency_key is not null then
    replay := claim_idempotency_key(p_user_id, p_idempotency_key, 'pay_order', p_request_hash);
    if replay is not null then
      return jsonb_build_object('replay', replay);
    end if;
  end if;

  select * into o from orders where id = p_order_id and user_id = p_user_id for no key update;
  if not found then
    perform refuse('order_not_found');
  end if;
  select * into active from payments
  where order_id = o.id and status in ('pending', 'unknown', 'authorized', 'capturing', 'captured');
  if active.status in ('authorized', 'capturing', 'captured') then
    perform refuse('order_already_paid', jsonb_build_object('order_status', o.status, 'payment_id', active.id));
  elsif o.status <> 'pending_payment' or o.deadline_at <= now() then
    perform refuse('order_not_payable', jsonb_build_object('order_status', o.status));
  elsif active.id is not null then
    perform refuse('payment_in_progress', jsonb_build_object('payment_id', active.id, 'payment_status', active.status));
  end if;

  update orders set payment_method = case when v_wallet then 'wallet' else 'card' end where id = o.id returning * into o;
  insert into payments (purpose, order_id, user_id, provider, amount_cents, currency, status, next_attempt_at)
  values ('order', o.id, p_user_id, p_provider, o.total_cents, o.currency, case when v_wallet then 'captured' else 'pending' end,
    case when not v_wallet then now() + interval '30 seconds' end)
  returning id into v_payment_id;
  if v_wallet then
    perform debit_wallet(o, v_payment_id);
    o := transition_order(o.id, array['pending_payment'], 'placed', p_user_id, 'customer', null, p_request_id);
    if (select auto_accept from cafeterias where id = o.cafeteria_id) then
      o := transition_order(o.id, array['placed'], 'accepted', null, 'system', null, p_request_id);
    end if;
  end if;

  answer := order_document(o);
  if p_idempotency_key is not null then
    insert into idempotency_keys (user_id, key, operation, request_hash, subject_id, answer)
    values (p_user_id, p_idempotency_key, 'pay_order', p_request_hash, o.id, case when v_wallet then answer end);
  end if;
  return jsonb_build_object('order', answer, 'payment_id', v_payment_id);
end $function$;

CREATE OR REPLACE FUNCTION start_top_up(p_user_id uuid, p_amount_cents bigint, p_currency text, p_provider text, p_idempotency_key text, p_request_hash bytea)
 RETURNS jsonb
 LANGUAGE plpgsql
AS $function$
declare
  replay jsonb;
  p payments;
begin
  if p_idempotency_key is not null then
    replay := claim_idempotency_key(p_user_id, p_idempotency_key, 'top_up', p_request_hash);
    if replay is not null then
      return jsonb_build_object('replay', replay || jsonb_build_object('current',
        (select top_up_document(payments) from payments where id = (replay ->> 'subject_id')::uuid)));
    end if;
  end if;

  insert into payments (purpose, user_id, provider, amount_cents, currency, status, next_attempt_at)
  values ('top_up', p_user_id, p_provider, p_amount_cents,
    coalesce((select currency from accounts where id = p_user_id), p_currency), 'pending', now() + interval '30 seconds')
  returning * into p;
  if p_idempotency_key is not null then
    insert into idempotency_keys (user_id, key, operation, request_hash, subject_id)
    values (p_user_id, p_idempotency_key, 'top_up', p_request_hash, p.id);
  end if;
  return jsonb_build_object('payment', top_up_document(p));
end $function$;

CREATE OR REPLACE FUNCTION stock_change()
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$
  select case coalesce(current_setting('comanda.stock_changed', true), '')
    when 'yes' then 'availability' when 'quantity' then 'quantity' end
$function$;

CREATE OR REPLACE FUNCTION stock_changed()
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(current_setting('comanda.stock_changed', true), '') = 'yes'
$function$;

CREATE OR REPLACE FUNCTION top_up_document(p payments)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select payment_document(p) || jsonb_build_object('balance_cents', coalesce(
    (select balance_cents from accounts where id = p.user_id), 0))
$function$;

CREATE OR REPLACE FUNCTION transition_order(p_order_id uuid, p_from text[], p_to text, p_actor_id uuid, p_actor_role text, p_reason text DEFAULT NULL::text, p_request_id text DEFAULT NULL::text, p_expected_version integer DEFAULT NULL::integer, p_pickup_code text DEFAULT NULL::text, p_only_if_due boolean DEFAULT false)
 RETURNS orders
 LANGUAGE plpgsql
AS $function$
declare
  change record;
  o orders;
begin
  update orders set
    status = p_to,
    version = orders.version + 1,
    updated_at = now(),
    reason = coalesce(p_reason, orders.reason),
    placed_at = case p_to when 'placed' then now() else orders.placed_at end,
    accepted_at = case p_to when 'accepted' then now() else orders.accepted_at end,
    started_at = case p_to when 'preparing' then coalesce(orders.started_at, now()) else orders.started_at end,
    ready_at = case p_to when 'ready' then now() else orders.ready_at end,
    closed_at = case when p_to in ('rejected', 'collected', 'uncollected', 'expired', 'cancelled') then now() end,
    deadline_at = case p_to
      when 'placed' then now() + make_interval(secs => c.acceptance_seconds)
      when 'ready' then greatest(orders.pickup_until, now()) + make_interval(secs => c.collection_seconds)
    end
  from cafeterias c
  where orders.id = p_order_id and c.id = orders.cafeteria_id
    and orders.status = any (p_from)
    and (p_expected_version is null or orders.version = p_expected_version)
    and (p_pickup_code is null or orders.pickup_code = p_pickup_code)
    and (not p_only_if_due or orders.deadline_at <= now())
    and not (orders.status = 'ready' and p_to = 'preparing'
      and orders.ready_at < now() - make_interval(secs => c.recall_seconds))
  returning old.status as was, new as row into change;
  if not found then
    return null;
  end if;
  o := change.row;

  perform append_order_event(o, p_actor_id, p_actor_role, p_request_id);
  if p_to in ('rejected', 'expired', 'cancelled') then
    perform return_payment(o, p_actor_id);
    -- Once preparation has started the food is made: neither it nor the kitchen's time comes back.
    if change.was in ('pending_payment', 'placed', 'accepted') then
      perform release_holds(o);
    end if;
  elsif p_to = 'preparing' and change.was = 'accepted' then
    update payments set status = 'capturing', next_attempt_at = now(), updated_at = now()
    where order_id = o.id and status = 'authorized';
  end if;
  return o;
end $function$;

CREATE OR REPLACE FUNCTION unsequenced_events(p feed_position)
 RETURNS SETOF order_events
 LANGUAGE sql
 STABLE
AS $function$
  select * from order_events
  where (xid, id) > (p.xid, p.event_id) and id <> all (p.ahead)
$function$;

CREATE OR REPLACE FUNCTION wanted_slots(p_cafeteria_id uuid, p_days integer)
 RETURNS TABLE(starts_at timestamp with time zone, ends_at timestamp with time zone, capacity_orders integer, capacity_make_seconds integer)
 LANGUAGE sql
 STABLE
AS $function$
  select s.starts_at, s.starts_at + make_interval(mins => c.slot_minutes), c.slot_capacity_orders, c.slot_capacity_make_seconds
  from cafeterias c
  cross join lateral opening_windows(c.id, 'opening', (now() at time zone c.time_zone)::date,
    (now() at time zone c.time_zone)::date + p_days) w
  cross join lateral generate_series(w.opens_at, w.closes_at - make_interval(mins => c.slot_minutes),
    make_interval(mins => c.slot_minutes)) s (starts_at)
  where c.id = p_cafeteria_id and c.deleted_at is null and s.starts_at + make_interval(mins => c.slot_minutes) > now()
$function$;

CREATE OR REPLACE FUNCTION wrongly_chosen_group(p_product_id uuid, p_modifier_ids uuid[])
 RETURNS TABLE(name text, min_select smallint, max_select smallint)
 LANGUAGE sql
 STABLE
AS $function$
  select g.name, g.min_select, g.max_select
  from product_modifier_groups offered
  join modifier_groups g on g.id = offered.group_id and g.deleted_at is null
  where offered.product_id = p_product_id and case when cardinality(p_modifier_ids) = 0 then 0 else
    (select count(*) from modifiers m where m.group_id = g.id and m.id = any (p_modifier_ids))
  end not between g.min_select and g.max_select
  order by offered.position limit 1
$function$;

CREATE VIEW relayed_orders AS
 SELECT f.cafeteria_id,
    f.seq,
    f.event_id,
    o.user_id,
    jsonb_build_object('orderId', e.order_id, 'version', e.version, 'type', e.type, 'actorRole', e.actor_role, 'reason', e.reason, 'at', e.at) AS event,
    jsonb_build_object('id', o.id, 'status', o.status, 'version', o.version, 'cafeteriaId', o.cafeteria_id, 'pickupAt', o.pickup_at, 'promisedAt', o.promised_at, 'reason', o.reason, 'deadlineAt', o.deadline_at, 'updatedAt', o.updated_at) AS "order"
   FROM feed f
     JOIN order_events e ON e.id = f.event_id
     JOIN orders o ON o.id = e.order_id;

CREATE TRIGGER audit_log_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER cafeterias_sales_account AFTER INSERT ON cafeterias FOR EACH ROW EXECUTE FUNCTION open_sales_account();

CREATE CONSTRAINT TRIGGER cafeterias_version AFTER INSERT OR DELETE OR UPDATE ON cafeterias DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_catalogue_version();

CREATE CONSTRAINT TRIGGER categories_version AFTER INSERT OR DELETE OR UPDATE ON categories DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_catalogue_version();

CREATE TRIGGER entries_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE CONSTRAINT TRIGGER mealtimes_version AFTER INSERT OR DELETE OR UPDATE ON mealtimes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_catalogue_version();

CREATE CONSTRAINT TRIGGER modifier_groups_version AFTER INSERT OR DELETE OR UPDATE ON modifier_groups DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_catalogue_version();

CREATE CONSTRAINT TRIGGER modifiers_version AFTER INSERT OR DELETE OR UPDATE ON modifiers DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_catalogue_version();

CREATE CONSTRAINT TRIGGER opening_hours_version AFTER INSERT OR DELETE OR UPDATE ON opening_hours DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_catalogue_version();

CREATE TRIGGER order_events_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON order_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE CONSTRAINT TRIGGER pickup_slots_version AFTER INSERT OR DELETE OR UPDATE OF id, cafeteria_id, starts_at, ends_at, capacity_orders, capacity_make_seconds, closed ON pickup_slots DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_catalogue_version();

CREATE CONSTRAINT TRIGGER product_modifier_groups_version AFTER INSERT OR DELETE OR UPDATE ON product_modifier_groups DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_catalogue_version();

CREATE TRIGGER products_stock_noted AFTER UPDATE OF stock_quantity ON products FOR EACH ROW WHEN (old.stock_quantity IS DISTINCT FROM new.stock_quantity) EXECUTE FUNCTION note_stock_change();

CREATE CONSTRAINT TRIGGER products_stock_version AFTER UPDATE OF stock_quantity ON products DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.stock_quantity = 0) IS DISTINCT FROM (new.stock_quantity = 0)) EXECUTE FUNCTION raise_catalogue_version();

CREATE CONSTRAINT TRIGGER products_version AFTER INSERT OR DELETE OR UPDATE OF id, cafeteria_id, category_id, mealtime_id, name, description, price_cents, make_seconds, allergens, dietary_tags, image_url, "position", available, created_at, updated_at, deleted_at ON products DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_catalogue_version();

CREATE CONSTRAINT TRIGGER schedule_exceptions_version AFTER INSERT OR DELETE OR UPDATE ON schedule_exceptions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_catalogue_version();
