import type { Database } from '@comanda/database'
import { settleAuthorization, settleCapture, settleRefund, settleVoid } from '@comanda/payments'
import { sql } from 'kysely'
import type { Kitchen } from '../fixture.ts'

/** A reason as a customer may type it, which must not come into a log. */
export const typedReason = 'call me on 55 1234 5678'

/** Makes everything happen that is ever appended to the log, each type of event at least once. */
export async function makeEverythingHappen({ primary: db }: Database, kitchen: Kitchen): Promise<void> {
  const authorize = (paymentId: string) => settleAuthorization(db, paymentId, { outcome: 'authorized' })
  const moveOn = async (orderId: string, ...statuses: string[]) => {
    for (const [index, status] of statuses.slice(1).entries())
      await kitchen.move(orderId, statuses[index] as string, status)
  }
  const refund = async (paymentId: string, amountCents: number) => {
    await sql`select request_refund(${kitchen.staffId}, 'manager', null, ${paymentId}, ${amountCents}, ${typedReason},
      null, null, 'a request')`.execute(db)
    return db
      .selectFrom('refunds')
      .select('id')
      .where('paymentId', '=', paymentId)
      .where('status', '=', 'pending')
      .executeTakeFirstOrThrow()
  }
  const runTimer = async () => {
    await kitchen.makeDue('orders')
    await sql`select run_order_timer()`.execute(db)
  }

  await kitchen.topUp(20_000)
  const paid = await kitchen.place('wallet')
  await sql`select transition_order(${paid.orderId}, array['placed'], 'cancelled', ${kitchen.userId}, 'customer', ${typedReason})`.execute(
    db,
  )

  const collected = await kitchen.place()
  await authorize(collected.paymentId)
  await moveOn(collected.orderId, 'placed', 'accepted', 'preparing')
  await settleCapture(db, collected.paymentId, { outcome: 'succeeded' })
  await moveOn(collected.orderId, 'preparing', 'ready', 'collected')
  const [first, second] = [1000, 2000]
  const refused = await refund(collected.paymentId, first)
  await settleRefund(db, refused.id, { outcome: 'refused' })
  const made = await refund(collected.paymentId, second)
  await settleRefund(db, made.id, { outcome: 'succeeded' })

  const uncollected = await kitchen.place()
  await authorize(uncollected.paymentId)
  await moveOn(uncollected.orderId, 'placed', 'accepted', 'preparing', 'ready')
  await settleCapture(db, uncollected.paymentId, { outcome: 'refused' })
  await runTimer()

  const declined = await kitchen.place()
  await settleAuthorization(db, declined.paymentId, { outcome: 'declined', declineCode: 'card_declined' })
  await runTimer()

  const rejected = await kitchen.place()
  await authorize(rejected.paymentId)
  await moveOn(rejected.orderId, 'placed', 'rejected')
  await settleVoid(db, rejected.paymentId)
}
