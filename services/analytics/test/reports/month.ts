import { sql } from 'kysely'
import type { Test } from 'tap'
import { startTestApp } from '../app.ts'
import { openBusyKitchen } from '../busy-day.ts'

/**
 * The busy day is Monday, 23 November 2026. On the day after it, one more order is not collected, and 20 pesos of an order of the busy day
 * go back.
 */
export async function openMonth(t: Test) {
  const test = await startTestApp(t)
  const kitchen = await openBusyKitchen(test.owner)
  const day = '2026-11-24'
  const customerId = await kitchen.addCustomer()
  const ordered = { placed: `${day} 10:00`, preparing: `${day} 10:01`, ready: `${day} 10:05` }
  const orderId = await kitchen.order(
    customerId,
    { ...ordered, uncollected: `${day} 11:00` },
    { promised: `${day} 10:05` },
  )
  await sql`select request_refund(${customerId}, 'manager', null, id, 2000, 'cold', null, null, null)
    from payments where order_id = ${orderId}`.execute(test.owner)
  await sql`update events set at = '2026-11-24 12:00'::timestamp at time zone 'America/Mexico_City'
    where order_id = ${orderId} and type = 'refund.succeeded'`.execute(test.owner)
  await test.rollUp()
  const headers = test.as({
    userId: customerId,
    role: 'manager',
    memberships: { [kitchen.cafeteriaId]: 'manager' },
  })
  const ask = (report: string, query: Record<string, string> = {}) =>
    test.call({
      url: `/v1/reports/${report}`,
      headers,
      query: { cafeteriaId: kitchen.cafeteriaId, from: '2026-11-16', to: '2026-11-24', by: 'week', ...query },
    })
  return { ...test, kitchen, headers, ask }
}
