import { settleAuthorization } from '@comanda/payments'
import { sql } from 'kysely'
import { addProduct } from '../builders.ts'
import type { Surroundings } from './example-calls.ts'

const steps = ['placed', 'accepted', 'preparing', 'ready'] as const

/** Makes orders of the customer, placed and moved without the API under test. */
export function exampleOrders({ database, cafeteriaId, customer }: Surroundings) {
  const db = database.primary

  async function place(provider: 'wallet' | 'sandbox') {
    // An earlier call may have paused the cafeteria.
    await db.updateTable('cafeterias').set({ pausedAt: null }).where('id', '=', cafeteriaId).execute()
    // A customer may have two orders that wait for payment, so those before the last one have had their time.
    await db
      .updateTable('orders')
      .set({ deadlineAt: sql`now()` })
      .where('userId', '=', customer.id)
      .where('status', '=', 'pending_payment')
      .where((eb) =>
        eb(
          'id',
          '<',
          eb
            .selectFrom('orders')
            .select(sql<string>`max(id::text)::uuid`.as('newest'))
            .where('userId', '=', customer.id)
            .where('status', '=', 'pending_payment'),
        ),
      )
      .execute()
    const product = await addProduct(db, { cafeteriaId })
    const items = [{ product_id: product.id, quantity: 1, modifier_ids: [], note: null }]
    const { rows } = await sql<{ placed: { id: string; pickupCode: string; payment: { id: string } } }>`
      select answer as placed from place_order(${customer.id}, ${cafeteriaId}, null, ${JSON.stringify(items)},
        ${provider === 'wallet' ? 'wallet' : 'card'}, ${provider}, null, null, null, null)`.execute(db)
    return (rows[0] as (typeof rows)[number]).placed
  }

  return {
    /** Adds a paid order in the given status. */
    async add(status: (typeof steps)[number]) {
      const order = await place('wallet')
      for (let at = 1; at <= steps.indexOf(status); at += 1) {
        await sql`select transition_order(${order.id}, array[${steps[at - 1]}], ${steps[at]}, null, 'system')`.execute(
          db,
        )
      }
      return order
    },
    /** Adds an order whose card payment is in flight. */
    addPending: () => place('sandbox'),
    /** Adds an order whose card was declined. */
    async addUnpaid() {
      const order = await place('sandbox')
      await settleAuthorization(db, order.payment.id, { outcome: 'declined' })
      return order
    },
  }
}
