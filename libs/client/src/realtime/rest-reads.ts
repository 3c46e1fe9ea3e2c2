import type { LiveOrder } from '@comanda/events'
import { openStatuses } from '@comanda/ordering'
import type { Dashboard } from '../rest/generated/types.gen.ts'
import type { Timers } from './timers.ts'

/** The part of the platform's `fetch` that the client needs. */
export type PlatformFetch = (
  url: string,
  init: { headers: Record<string, string>; signal: AbortSignal },
) => Promise<{
  status: number
  ok: boolean
  headers: { get: (name: string) => string | null }
  json: () => Promise<unknown>
}>

export interface RestReadsOptions {
  apiUrl: string
  analyticsUrl: string
  fetch: PlatformFetch
  getAccessToken: (renew: boolean) => Promise<string>
  timers: Timers
}

/** What a client reads over REST instead of a socket: states of orders, without numbers of a feed, and dashboards. */
export interface RestReads {
  /** The open orders of a cafeteria as they are now, with a request per hundred. @throws RestError */
  listOpenOrders: (cafeteriaId: string) => Promise<LiveOrder[]>
  /** An order as it is now. @throws RestError */
  getOrder: (orderId: string) => Promise<LiveOrder>
  /** Today's dashboard of a cafeteria. @throws RestError */
  getDashboard: (cafeteriaId: string) => Promise<Dashboard>
}

/** The API answered with an error. */
export class RestError extends Error {
  /** How long the API asks to wait, in milliseconds; 0 when it does not say. */
  retryAfter: number
  constructor(status: number, retryAfter: number) {
    super(`the API answered with status ${status}`)
    this.retryAfter = retryAfter
  }
}

const answerMilliseconds = 10_000

/** Asks for the present state: an older answer must not overtake what a socket has delivered. */
const present = 'f'.repeat(16)

const fields: Record<keyof LiveOrder, true> = {
  id: true,
  number: true,
  status: true,
  version: true,
  cafeteriaId: true,
  pickupAt: true,
  promisedAt: true,
  reason: true,
  deadlineAt: true,
  updatedAt: true,
}
const fieldNames = Object.keys(fields) as (keyof LiveOrder)[]

/** Each request ends after 10 s. A 401 is tried once more with a renewed token. */
export function createRestReads(options: RestReadsOptions): RestReads {
  const { apiUrl, analyticsUrl, fetch, getAccessToken, timers } = options

  async function request(url: string, token: string) {
    const stopping = new AbortController()
    const abort = () => stopping.abort()
    const cancel = timers.later(answerMilliseconds, abort, abort)
    try {
      const answer = await fetch(url, {
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${token}`,
          'x-consistency-token': present,
        },
        signal: stopping.signal,
      })
      return { answer, body: await answer.json() }
    } finally {
      cancel()
    }
  }

  async function get(url: string): Promise<unknown> {
    let { answer, body } = await request(url, await getAccessToken(false))
    if (answer.status === 401) ({ answer, body } = await request(url, await getAccessToken(true)))
    if (answer.ok) return body
    throw new RestError(answer.status, Number(answer.headers.get('retry-after') ?? 0) * 1000 || 0)
  }

  return {
    async listOpenOrders(cafeteriaId) {
      const query = `cafeteriaId=${cafeteriaId}&status=${openStatuses.join(',')}&fields=${fieldNames.join(',')}&limit=100`
      const orders: LiveOrder[] = []
      for (let cursor: string | null = null; ; ) {
        const page = (await get(
          `${apiUrl}/v1/orders?${query}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
        )) as { data: LiveOrder[]; nextCursor: string | null }
        orders.push(...page.data)
        if (page.nextCursor === null) return orders
        cursor = page.nextCursor
      }
    },
    async getOrder(orderId) {
      const order = (await get(`${apiUrl}/v1/orders/${orderId}`)) as LiveOrder
      return Object.fromEntries(fieldNames.map((field) => [field, order[field]])) as unknown as LiveOrder
    },
    async getDashboard(cafeteriaId) {
      return (await get(`${analyticsUrl}/v1/analytics/cafeterias/${cafeteriaId}/dashboard`)) as Dashboard
    },
  }
}
