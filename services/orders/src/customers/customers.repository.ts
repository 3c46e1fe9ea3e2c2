import type { Schema } from '@comanda/database'
import { openStatuses } from '@comanda/ordering'
import { type Kysely, sql } from 'kysely'
import type { Slice } from '../lists/list-source.ts'
import { listOrders } from '../orders/list-orders.repository.ts'
import { type OrderRow, ordersJson } from '../orders/order-columns.ts'
import { type CustomerSummary, gistFields, type OrderGist, type RecentOrder } from './customers.schema.ts'

const mostActive = 20

/** Lists a customer's newest orders, in two statements. */
export async function listRecentOrders(
  db: Kysely<Schema>,
  userId: string,
  { limit, after, offset }: Slice<[createdAt: string, id: string]>,
): Promise<RecentOrder[]> {
  const position = after && { createdAt: after[0], id: after[1] }
  const gists = gistsOf(
    await listOrders(db, { userId }, gistFields, { limit, after: position, offset }),
    userId,
  )
  const productIds = (gist: OrderGist) => [...new Set(gist.items.map(({ productId }) => productId))]
  const unavailable = await findUnavailable(db, [...new Set(gists.flatMap(productIds))])
  return gists.map((gist) => ({
    ...gist,
    unavailableProductIds: productIds(gist).filter((id) => unavailable.has(id)),
  }))
}

/** Finds which of these products cannot be ordered any more. */
async function findUnavailable(db: Kysely<Schema>, productIds: string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select id from unnest(${productIds}::uuid[]) id where not is_on_sale(id)`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

/** Lists a customer's open orders by the time of pick-up; of very many, only the newest. */
export async function listActiveOrders(db: Kysely<Schema>, userId: string): Promise<OrderGist[]> {
  const orders = await listOrders(db, { userId, statuses: openStatuses }, gistFields, { limit: mostActive })
  return gistsOf(orders, userId).toSorted((a, b) => Date.parse(a.pickupAt) - Date.parse(b.pickupAt))
}

function gistsOf(rows: readonly OrderRow[], readerId: string): OrderGist[] {
  return JSON.parse(ordersJson(rows, gistFields, { readerId })) as OrderGist[]
}

type History = Omit<CustomerSummary, 'activeOrders'>

/** Reads what a customer has ordered so far, in one statement whose cost does not grow with it. */
export async function getHistory(db: Kysely<Schema>, userId: string): Promise<History> {
  const { rows } = await sql<History>`
    with totals as materialized (
      select * from customer_totals(${userId})
    ), newest as materialized (
      select id, cafeteria_id, placed_at from orders
      where user_id = ${userId} order by created_at desc, id desc limit 100
    ), favourites as (
      select i.product_id as "productId", o.cafeteria_id as "cafeteriaId",
        (array_agg(i.name order by o.placed_at desc))[1] as name,
        sum(i.quantity) as quantity, max(o.placed_at) as "lastOrderedAt"
      from newest o
      join order_items i on i.order_id = o.id
      where o.placed_at is not null
      group by i.product_id, o.cafeteria_id
      order by quantity desc, "lastOrderedAt" desc, i.product_id
      limit 5
    )
    select (select coalesce(sum(placed), 0)::bigint from totals) as placed_orders,
      (select max(last_placed_at) from totals) as last_placed_at,
      (select coalesce(json_agg(json_build_object('currency', currency, 'orders', sold, 'totalCents', sold_cents)
        order by sold_cents desc, currency), '[]') from totals where sold > 0) as spending,
      (select coalesce(json_agg(f), '[]') from (
        select *, is_on_sale("productId") as available from favourites
      ) f) as favourites`.execute(db)
  return rows[0] as History
}
