import type { LiveOrder } from '@comanda/events'
import { openStatuses } from '@comanda/ordering'
import type { Timers } from './timers.ts'

/** What is used of the platform's `fetch`. */
export type Fetch = (
  url: string,
  init: { headers: Record<string, string>; signal: AbortSignal },
) => Promise<{
  status: number
  ok: boolean
  headers: { get: (name: string) => string | null }
  json: () => Promise<unknown>
}>

export interface RestOptions {
  apiUrl: string
  fetch: Fetch
  getAccessToken: (renew: boolean) => Promise<string>
  timers: Timers
}

/** What a client reads where a socket cannot tell: states, without numbers. */
export interface Rest {
  /** The orders of a cafeteria that are open, as they are by now: a request per hundred. */
  listOpenOrders: (cafeteriaId: string) => Promise<LiveOrder[]>
  getOrder: (orderId: string) => Promise<LiveOrder>
}

/** The API did not answer with what was asked for. */
export class RestError extends Error {
  /** Before that it will not, in milliseconds; 0 when it did not say. */
  retryAfter: number
  constructor(status: number, retryAfter: number) {
    super(`the API answered with status ${status}`)
    this.retryAfter = retryAfter
  }
}

const answerMilliseconds = 10_000

/** Asks for the present: what a socket has told must not be overtaken by an answer that is older. */
const present = 'f'.repeat(16)

const fields: Record<keyof LiveOrder, true> = {
  id: true,
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

export function createRest({ apiUrl, fetch, getAccessToken, timers }: RestOptions): Rest {
  async function request(path: string, token: string) {
    const stopping = new AbortController()
    const abort = () => stopping.abort()
    const cancel = timers.later(answerMilliseconds, abort, abort)
    try {
      const answer = await fetch(apiUrl + path, {
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

  async function get(path: string): Promise<unknown> {
    let { answer, body } = await request(path, await getAccessToken(false))
    if (answer.status === 401) ({ answer, body } = await request(path, await getAccessToken(true)))
    if (answer.ok) return body
    throw new RestError(answer.status, Number(answer.headers.get('retry-after') ?? 0) * 1000 || 0)
  }

  return {
    async listOpenOrders(cafeteriaId) {
      const query = `cafeteriaId=${cafeteriaId}&status=${openStatuses.join(',')}&fields=${fieldNames.join(',')}&limit=100`
      const orders: LiveOrder[] = []
      for (let cursor: string | null = null; ; ) {
        const page = (await get(
          `/v1/orders?${query}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
        )) as { data: LiveOrder[]; nextCursor: string | null }
        orders.push(...page.data)
        if (page.nextCursor === null) return orders
        cursor = page.nextCursor
      }
    },
    async getOrder(orderId) {
      const order = (await get(`/v1/orders/${orderId}`)) as LiveOrder
      return Object.fromEntries(fieldNames.map((field) => [field, order[field]])) as unknown as LiveOrder
    },
  }
}
