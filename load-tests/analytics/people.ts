import { randomUUID } from 'node:crypto'
import { type Caller, createAccessTokens } from '@comanda/access'
import type { Stack } from '@comanda/local-stack'
import { cafeteriaIds } from '@comanda/seed'
import pg from 'pg'

/** Who asks, and about what. */
export interface People {
  cafeteriaId: string
  /** Tokens: of the customer with most orders, of one with much money, and of those who work at the cafeteria. */
  customer: string
  placing: string
  staff: string
  manager: string
  /** A number of the feed with a hundred after it. */
  feedAfter: number
  /** Three products of which there is always enough, and that need no choice. */
  productIds: string[]
}

/** Finds who asks in a filled database, and adds the customer who orders. */
export async function findPeople(stack: Stack, accessTokenSecret: string): Promise<People> {
  // The cafeteria that is always open.
  const cafeteriaId = cafeteriaIds[0] as string
  const tokens = createAccessTokens({ secret: accessTokenSecret, lifetimeSeconds: 86_400 })
  const sign = (caller: Partial<Caller>) =>
    tokens.sign({
      userId: randomUUID(),
      sessionId: randomUUID(),
      role: 'customer',
      memberships: {},
      ...caller,
    })
  const client = new pg.Client(stack.primaryUrl)
  await client.connect()
  try {
    const one = async <T extends object>(text: string) =>
      (await client.query<T>(text.replaceAll(':cafeteria', `'${cafeteriaId}'`))).rows[0] as T
    const { user_id } = await one<{ user_id: string }>(
      'select user_id from customers group by 1 order by sum(orders) desc limit 1',
    )
    const { after } = await one<{ after: string }>(
      'select greatest(first_seq - 1, seq - 100) as after from feed_heads where cafeteria_id = :cafeteria',
    )
    const { ids } = await one<{ ids: string[] }>(
      `select array(select id from products p where cafeteria_id = :cafeteria and deleted_at is null and stock_quantity is null
        and not exists (select from product_modifier_groups m join modifier_groups g on g.id = m.group_id
          where m.product_id = p.id and g.min_select > 0) order by id limit 3) as ids`,
    )
    return {
      cafeteriaId,
      customer: sign({ userId: user_id }),
      placing: sign({ userId: await insertCustomer(client) }),
      staff: sign({ role: 'staff', memberships: { [cafeteriaId]: 'staff' } }),
      manager: sign({ role: 'manager', memberships: { [cafeteriaId]: 'manager' } }),
      feedAfter: Number(after),
      productIds: ids,
    }
  } finally {
    await client.end()
  }
}

/** A customer with money for any number of orders, who got it as everybody does. */
async function insertCustomer(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ id: string }>(`
    with person as (
      insert into users (email, name, password_hash) values ('bench@comanda.test', 'Bench', 'none') returning id
    ), wallet as (
      insert into accounts (id, kind, currency, balance_cents) select id, 'wallet', 'MXN', 100000000000 from person
    ), top_up as (
      insert into payments (purpose, user_id, provider, amount_cents, currency, status)
      select 'top_up', id, 'sandbox', 100000000000, 'MXN', 'captured' from person returning id, user_id, amount_cents, currency
    ), booked as (
      insert into entries (debit_account_id, credit_account_id, kind, method, amount_cents, currency, user_id, payment_id)
      select clearing_account(), user_id, 'top_up', 'card', amount_cents, currency, user_id, id from top_up
    )
    select id from person`)
  return (rows[0] as { id: string }).id
}
