import type { Schema } from '@comanda/database'
import { cafeteriaIds } from '@comanda/seed'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import { createSigner, insertCustomers } from '../campus.ts'

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

/** As much as no run spends. */
const walletCents = 100_000_000_000

/** Finds who asks in a filled database, and adds the customer who orders. */
export async function findPeople(db: Kysely<Schema>, accessTokenSecret: string): Promise<People> {
  // The cafeteria that is always open.
  const cafeteriaId = cafeteriaIds[0] as string
  const sign = createSigner(accessTokenSecret, 86_400)
  const one = async <T>(query: RawBuilder<T>) => (await query.execute(db)).rows[0] as T
  const { userId } = await one(
    sql<{ userId: string }>`select user_id from customers group by 1 order by sum(orders) desc limit 1`,
  )
  const { after } = await one(
    sql<{ after: string }>`
      select greatest(first_seq - 1, seq - 100) as after from feed_heads where cafeteria_id = ${cafeteriaId}`,
  )
  const { productIds } = await one(
    sql<{ productIds: string[] }>`
      select array(select id from products p
        where cafeteria_id = ${cafeteriaId} and deleted_at is null and stock_quantity is null
          and not exists (select from product_modifier_groups m join modifier_groups g on g.id = m.group_id
            where m.product_id = p.id and g.min_select > 0)
        order by id limit 3) as product_ids`,
  )
  const [placing] = await insertCustomers(db, 1, walletCents)
  return {
    cafeteriaId,
    customer: sign({ userId }),
    placing: sign({ userId: placing as string }),
    staff: sign({ role: 'staff', memberships: { [cafeteriaId]: 'staff' } }),
    manager: sign({ role: 'manager', memberships: { [cafeteriaId]: 'manager' } }),
    feedAfter: Number(after),
    productIds,
  }
}
