import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Campus, Kitchen } from '../../../load-tests/campus.ts'
import { startTraffic } from '../../../load-tests/rush/traffic.ts'
import { openWatchers } from '../../../load-tests/watching/open-watchers.ts'

export interface UsedFleet {
  /** Where the processes of orders answer: what is stable, and its canary. */
  ordersUrl: string
  canaryUrl: string
  gatewayUrl: string
  analyticsUrl: string
  campus: Campus
  /** Staff of the first cafeteria with an account, because refunds remember who asked for them. */
  staffToken: string
  /** A manager of the first cafeteria. */
  managerToken: string
}

/** Long enough for every answer of a busy machine. */
const callMilliseconds = 60_000

/**
 * Uses a fleet in every way that a panel shows: orders by wallet and by card that are collected and cancelled, menus, dashboards,
 * screens and phones, logins that fail and requests that are refused.
 * @returns a function that ends it, once what was begun is over; it throws when something was answered that should not be
 */
export function useFleet(fleet: UsedFleet): () => Promise<void> {
  const { ordersUrl, canaryUrl, gatewayUrl, analyticsUrl, campus, staffToken, managerToken } = fleet
  const { customers, kitchens } = campus
  const [customer = ''] = customers
  const [kitchen] = kitchens as [Kitchen]
  const stopping = new AbortController()

  async function call<T>(
    url: string,
    expected: number | readonly number[],
    token?: string,
    body?: object,
  ): Promise<T> {
    const response = await fetch(url, {
      method: body ? 'POST' : 'GET',
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(callMilliseconds),
    })
    const answer = (await response.json()) as T
    if (![expected].flat().includes(response.status))
      throw new Error(
        `${url} answered ${response.status}, not ${String(expected)}: ${JSON.stringify(answer)}`,
      )
    return answer
  }
  const place = (url: string, expected: number, payment: object) =>
    call<{ id: string; pickupCode: string }>(`${url}/v1/orders`, expected, customer, {
      cafeteriaId: kitchen.cafeteriaId,
      items: kitchen.productIds.map((productId) => ({ productId, quantity: 1 })),
      pickup: 'asap',
      payment,
    })
  const move = (url: string, id: string, name: string, body: object = {}) =>
    call(`${url}/v1/orders/${id}/${name}`, 200, staffToken, body)

  async function collectOne(): Promise<void> {
    const { id, pickupCode } = await place(canaryUrl, 201, { method: 'wallet' })
    for (const name of ['accept', 'start', 'ready']) await move(canaryUrl, id, name)
    await move(canaryUrl, id, 'collect', { pickupCode })
  }
  async function cancelOne(): Promise<void> {
    const { id } = await place(ordersUrl, 201, { method: 'card', token: 'tok_ok' })
    for (const name of ['accept', 'start']) await move(ordersUrl, id, name)
    await move(ordersUrl, id, 'cancel', { reason: 'The oven is cold' })
  }
  async function read(): Promise<void> {
    await call(`${canaryUrl}/v1/cafeterias/${kitchen.cafeteriaId}/menu`, 200)
    await call(`${ordersUrl}/v1/cafeterias/${kitchen.cafeteriaId}/menu`, 200)
    await call(`${ordersUrl}/v1/me/summary`, 200, customer)
    await call(`${ordersUrl}/v1/orders`, 401)
    const dashboard = `${analyticsUrl}/v1/analytics/cafeterias/${kitchen.cafeteriaId}/dashboard`
    await call(dashboard, 200, managerToken)
  }
  const failToLogIn = () =>
    call(`${ordersUrl}/v1/auth/login`, [401, 429], undefined, {
      email: `${randomUUID()}@comanda.test`,
      password: randomUUID(),
    })

  async function again(milliseconds: number, once: () => Promise<unknown>): Promise<void> {
    while (!stopping.signal.aborted) {
      await once()
      await wait(milliseconds)
    }
  }

  const watchers = openWatchers({ campus, screenCount: kitchens.length, gatewayUrl, ordersUrl })
  const traffic = startTraffic({
    url: ordersUrl,
    customers,
    kitchens,
    perSecond: 3,
    onPlaced: ({ orderId, customer: index }) => watchers.phones[index]?.follow(orderId),
  })
  const use = Promise.all([
    again(1000, collectOne),
    again(2000, cancelOne),
    again(200, read),
    again(2000, failToLogIn),
  ])
  // What fails is thrown when it is ended.
  use.catch(() => {})
  return async () => {
    stopping.abort()
    const ends = await Promise.allSettled([use, traffic.stop()])
    watchers.close()
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }
}
