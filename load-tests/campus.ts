import { randomUUID } from 'node:crypto'
import { type Caller, createAccessTokens } from '@comanda/access'
import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'

export interface Kitchen {
  cafeteriaId: string
  productIds: string[]
  staffToken: string
}

export interface Campus {
  customerIds: string[]
  /** A token each. */
  customers: string[]
  kitchens: Kitchen[]
}

/** Signs an access token; what is left out of the caller is that of a new customer. */
export type Sign = (caller: Partial<Caller>) => string

/**
 * Returns a function that signs access tokens.
 * @param lifetimeSeconds how long they are valid, which must be longer than the test takes
 */
export function createSigner(secret: string, lifetimeSeconds = 7200): Sign {
  const tokens = createAccessTokens({ secret, lifetimeSeconds })
  return (caller) =>
    tokens.sign({
      userId: randomUUID(),
      sessionId: randomUUID(),
      role: 'customer',
      memberships: {},
      ...caller,
    })
}

/** Cafeterias that are always open, and customers with money, in an empty database. */
export async function insertCampus(
  db: Kysely<Schema>,
  counts: { cafeterias: number; customers: number; accessTokenSecret: string; tokenSeconds?: number },
): Promise<Campus> {
  const sign = createSigner(counts.accessTokenSecret, counts.tokenSeconds)
  const { rows: cafeterias } = await sql<{ id: string }>`
    insert into cafeterias (slug, name, time_zone, currency, cooks, slot_capacity_orders, slot_capacity_make_seconds)
    select 'kitchen-' || n, 'Kitchen ' || n, 'UTC', 'MXN', 100, 1000000, 1000000 from generate_series(1, ${counts.cafeterias}::int) n
    returning id`.execute(db)
  await sql`insert into opening_hours (cafeteria_id, kind, weekday, opens, closes)
    select id, kind, weekday, '00:00', '24:00'
    from cafeterias, unnest(array['opening', 'ordering']) kind, generate_series(1, 7) weekday`.execute(db)
  await sql`select refresh_slots(id, 2) from cafeterias`.execute(db)
  await sql`insert into categories (cafeteria_id, name) select id, 'Mains' from cafeterias`.execute(db)
  const { rows: products } = await sql<{ id: string; cafeteriaId: string }>`
    insert into products (cafeteria_id, category_id, name, price_cents, make_seconds)
    select cafeteria_id, id, 'Product ' || n, 1000 + n, 60 from categories, generate_series(1, 3) n
    returning id, cafeteria_id`.execute(db)
  const customerIds = await insertCustomers(db, counts.customers)
  return {
    customerIds,
    customers: customerIds.map((userId) => sign({ userId })),
    kitchens: cafeterias.map(({ id }) => ({
      cafeteriaId: id,
      productIds: products.filter(({ cafeteriaId }) => cafeteriaId === id).map((product) => product.id),
      staffToken: sign({ role: 'staff', memberships: { [id]: 'staff' } }),
    })),
  }
}

/**
 * Adds customers with money, who got it as everybody does, by a top-up that is booked. To be called once in a database.
 * @returns their ids
 */
export async function insertCustomers(
  db: Kysely<Schema>,
  count: number,
  walletCents = 100_000_000,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with people as (
      insert into users (email, name, password_hash)
      select 'customer-' || n || '@comanda.test', 'Customer', 'none' from generate_series(1, ${count}::int) n
      returning id
    ), wallets as (
      insert into accounts (id, kind, currency, balance_cents) select id, 'wallet', 'MXN', ${walletCents} from people
    ), top_ups as (
      insert into payments (purpose, user_id, provider, amount_cents, currency, status)
      select 'top_up', id, 'sandbox', ${walletCents}, 'MXN', 'captured' from people
      returning id, user_id, amount_cents, currency
    ), booked as (
      insert into entries (debit_account_id, credit_account_id, kind, method, amount_cents, currency, user_id, payment_id)
      select clearing_account(), user_id, 'top_up', 'card', amount_cents, currency, user_id, id from top_ups
    )
    select id from people`.execute(db)
  return rows.map(({ id }) => id)
}
