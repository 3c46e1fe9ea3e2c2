import { randomUUID } from 'node:crypto'
import type { Schema } from '@comanda/database'
import { settleAuthorization } from '@comanda/payments'
import { type Kysely, sql } from 'kysely'

/** When something happened to an order, as `2026-11-23 09:10`, where the cafeteria is; by the type of its event. */
export type Times = Record<string, string>

export interface Kitchen {
  cafeteriaId: string
  productId: string
  addCustomer: () => Promise<string>
  /**
   * Places an order of one product for 6500 cents, or of several, and moves it through statuses at these times. `naive` is what would have
   * been promised without anything learnt, as `promised` unless given.
   */
  order: (
    customerId: string,
    times: Times,
    options?: {
      method?: 'wallet' | 'card'
      quantity?: number
      promised?: string
      naive?: string
      declined?: boolean
    },
  ) => Promise<string>
}

/** What an order is moved to, in this order. */
const moves = [
  'accepted',
  'preparing',
  'ready',
  'collected',
  'uncollected',
  'rejected',
  'cancelled',
  'expired',
]

/** A cafeteria that is open around the clock, with one product. The times of what happens there are the tests' to choose. */
export async function openKitchen(db: Kysely<Schema>, timeZone = 'America/Mexico_City'): Promise<Kitchen> {
  const id = async (query: ReturnType<typeof sql<{ id: string }>>) =>
    (await query.execute(db)).rows[0]?.id as string
  await sql`alter table events disable trigger events_append_only`.execute(db)
  const cafeteriaId = await id(sql`insert into cafeterias (slug, name, time_zone, currency)
    values (${randomUUID()}, 'Kitchen', ${timeZone}, 'MXN') returning id`)
  await sql`insert into opening_hours (cafeteria_id, kind, weekday, opens, closes)
    select ${cafeteriaId}, kind, weekday, '00:00', '24:00'
    from unnest(array['opening', 'ordering']) kind, generate_series(1, 7) weekday`.execute(db)
  await sql`select refresh_slots(${cafeteriaId}, 1)`.execute(db)
  const categoryId = await id(
    sql`insert into categories (cafeteria_id, name) values (${cafeteriaId}, 'Mains') returning id`,
  )
  const productId =
    await id(sql`insert into products (cafeteria_id, category_id, name, price_cents, make_seconds)
    values (${cafeteriaId}, ${categoryId}, 'Chilaquiles', 6500, 60) returning id`)

  return {
    cafeteriaId,
    productId,
    async addCustomer() {
      const userId = await id(sql`insert into users (email, name, password_hash)
        values (${`${randomUUID()}@comanda.test`}, 'Somebody', 'none') returning id`)
      await sql`insert into accounts (id, kind, currency, balance_cents)
        values (${userId}, 'wallet', 'MXN', 1000000)`.execute(db)
      return userId
    },
    async order(
      customerId,
      times,
      { method = 'wallet', quantity = 1, promised, naive = promised, declined = false } = {},
    ) {
      const items = [{ product_id: productId, quantity, modifier_ids: [], note: null }]
      const provider = method === 'wallet' ? 'wallet' : 'sandbox'
      const { rows } = await sql<{ orderId: string; paymentId: string }>`
        select answer ->> 'id' as order_id, answer -> 'payment' ->> 'id' as payment_id from place_order(${customerId}, ${cafeteriaId}, null, ${JSON.stringify(items)}, ${method},
          ${provider}, null, null, null, 'test')`.execute(db)
      const { orderId = '', paymentId = '' } = rows[0] ?? {}
      if (method === 'card')
        await settleAuthorization(db, paymentId, { outcome: declined ? 'declined' : 'authorized' })
      for (const status of moves.filter((status) => status in times))
        await sql`select transition_order(${orderId}, array[status::text], ${status}, null, 'system')
          from orders where id = ${orderId}`.execute(db)
      for (const [type, time] of Object.entries(times))
        await sql`update events set at = ${time}::timestamp at time zone ${timeZone}
          where order_id = ${orderId} and type = ${type.includes('.') ? type : `order.${type}`}`.execute(db)
      const first = Object.values(times).toSorted()[0]
      await sql`update events set at = ${first}::timestamp at time zone ${timeZone}
        where order_id = ${orderId} and at > now() - interval '5 minutes'`.execute(db)
      await sql`update orders set created_at = ${first}::timestamp at time zone ${timeZone}
        where id = ${orderId}`.execute(db)
      if (promised !== undefined)
        await sql`update events
          set data = data || jsonb_build_object('promised_at', ${promised}::timestamp at time zone ${timeZone},
            'naive_at', ${naive}::timestamp at time zone ${timeZone})
          where order_id = ${orderId} and type = 'order.ready'`.execute(db)
      return orderId
    },
  }
}
