import type { Caller } from '@comanda/access'
import type { Test } from 'tap'
import { startTestApp, type TestApp } from '../app.ts'
import { addCampus } from '../builders.ts'

export type Campus = Awaited<ReturnType<typeof addCampus>>

export interface CampusApp extends TestApp {
  campus: Campus
  /** Places a wallet order of one product for as soon as possible; members of `body` replace these defaults. */
  place: (body?: object, options?: { caller?: Caller; key?: string }) => ReturnType<TestApp['call']>
  move: (
    orderId: string,
    move: string,
    caller: Caller,
    options?: { body?: object; ifMatch?: string },
  ) => ReturnType<TestApp['call']>
}

/** Starts the orders API over one small campus. */
export async function startCampusApp(t: Test, env: Record<string, string> = {}): Promise<CampusApp> {
  const started = await startTestApp(t, env)
  const campus = await addCampus(started.database.primary)
  started.statements.length = 0
  const { as, call } = started
  return {
    ...started,
    campus,
    place: (body = {}, { caller = campus.customer.caller, key } = {}) =>
      call({
        method: 'POST',
        url: '/v1/orders',
        headers: { ...as(caller), ...(key === undefined ? {} : { 'idempotency-key': key }) },
        payload: {
          cafeteriaId: campus.cafeteria.id,
          items: [{ productId: campus.product.id, quantity: 1 }],
          pickup: 'asap',
          payment: { method: 'wallet' },
          ...body,
        },
      }),
    move: (orderId, move, caller, { body, ifMatch } = {}) =>
      call({
        method: 'POST',
        url: `/v1/orders/${orderId}/${move}`,
        headers: { ...as(caller), ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }) },
        ...(body === undefined ? {} : { payload: body }),
      }),
  }
}
