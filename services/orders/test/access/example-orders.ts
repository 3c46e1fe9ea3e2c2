import { settleAuthorization } from '@comanda/payments'
import { sql } from 'kysely'
import { addProduct } from '../builders.ts'
import type { Surroundings } from './example-calls.ts'

const steps = ['placed', 'accepted', 'preparing', 'ready'] as const

/** Orders of the customer, placed and moved without the API under test. */
export function exampleOrders({ database, cafeteriaId, customer }: Surroundings) {
  const db = database.primary

  async function place(provider: 'wallet' | 'sandbox') {
    // Somebody may have paused it, or tried to.
    await db.updateTable('cafeterias').set({ pausedAt: null }).where('id', '=', cafeteriaId).execute()
    const product = await addProduct(db, { cafeteriaId })
    const order = {
      cafeteria_id: cafeteriaId,
      items: [{ product_id: product.id, quantity: 1, modifier_ids: [], note: null }],
      payment_method: provider === 'wallet' ? 'wallet' : 'card',
      provider,
    }
    const { rows } = await sql<{
      placed: { order: { id: string; pickupCode: string; payment: { id: string } } }
    }>`select place_order(${customer.id}, ${JSON.stringify(order)}::jsonb, null, null, null) as placed`.execute(
      db,
    )
    return (rows[0] as (typeof rows)[number]).placed.order
  }

  return {
    /** A paid order that has come as far as `status`. */
    async add(status: (typeof steps)[number]) {
      const order = await place('wallet')
      for (let at = 1; at <= steps.indexOf(status); at += 1) {
        await sql`select transition_order(${order.id}, array[${steps[at - 1]}], ${steps[at]}, null, 'system')`.execute(
          db,
        )
      }
      return order
    },
    /** One whose card is being asked. */
    addPending: () => place('sandbox'),
    /** One whose card was declined. */
    async addUnpaid() {
      const order = await place('sandbox')
      await settleAuthorization(db, order.payment.id, { outcome: 'declined' })
      return order
    },
  }
}
