import type { Schema } from '@comanda/database'
import type { Kysely } from 'kysely'
import { type Kitchen, openKitchen } from './kitchen.ts'

/** The day that tests ask about, a Monday, and the Monday before. */
export const day = '2026-11-23'
export const weekBefore = '2026-11-16'

/** One order a week before and, on the day: two that became ready, one that was rejected, and one whose card was declined. */
export async function openBusyKitchen(db: Kysely<Schema>): Promise<Kitchen> {
  const kitchen = await openKitchen(db)
  const [regular, newcomer, unlucky] = [
    await kitchen.addCustomer(),
    await kitchen.addCustomer(),
    await kitchen.addCustomer(),
  ]
  await kitchen.order(
    regular,
    {
      placed: `${weekBefore} 09:30`,
      preparing: `${weekBefore} 09:31`,
      ready: `${weekBefore} 09:41`,
      collected: `${weekBefore} 09:50`,
    },
    { promised: `${weekBefore} 09:41` },
  )
  await kitchen.order(
    regular,
    {
      placed: `${day} 09:10`,
      preparing: `${day} 09:12`,
      ready: `${day} 09:14`,
      collected: `${day} 09:20`,
    },
    { promised: `${day} 09:15`, naive: `${day} 09:13` },
  )
  await kitchen.order(
    newcomer,
    {
      pending_payment: `${day} 09:39`,
      'payment.authorized': `${day} 09:40`,
      placed: `${day} 09:40`,
      preparing: `${day} 09:50`,
      ready: `${day} 09:55`,
    },
    { method: 'card', quantity: 2, promised: `${day} 09:54`, naive: `${day} 09:53` },
  )
  await kitchen.order(regular, { placed: `${day} 12:05`, rejected: `${day} 12:06` })
  await kitchen.order(
    unlucky,
    { pending_payment: `${day} 13:00`, 'payment.declined': `${day} 13:00`, expired: `${day} 13:05` },
    { method: 'card', declined: true },
  )
  return kitchen
}
