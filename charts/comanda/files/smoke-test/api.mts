import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'

interface Menu {
  categories: { products: { id: string; modifierGroups: { minSelect: number }[] }[] }[]
}

/** An answer that was not promised; the code is that of the problem, empty when there is none. */
class Refused extends Error {
  readonly code: string

  constructor(what: string, status: number, code: string) {
    super(`${what} answers ${status} ${code}`)
    this.code = code
  }
}

interface CallOptions {
  body?: object
  headers?: Record<string, string>
  expected?: number
}

/** Calls of one customer, each of which throws when it is not answered as promised. One that a busy fleet puts off is repeated when it says. */
export function createApi(baseUrl: string, signal: AbortSignal) {
  let token = ''

  async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
    const { body, headers, expected = 200 } = options
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      signal,
      headers: {
        ...headers,
        ...(body && { 'content-type': 'application/json' }),
        ...(token !== '' && { authorization: `Bearer ${token}` }),
      },
      body: body ? JSON.stringify(body) : null,
    })
    const text = await response.text()
    if (response.status === expected) return JSON.parse(text) as T
    const { code = '' } = text.startsWith('{') ? (JSON.parse(text) as { code?: string }) : {}
    if (code === 'overloaded') {
      await setTimeout(1000 * Number(response.headers.get('retry-after') ?? 1), undefined, { signal })
      return call(method, path, options)
    }
    throw new Refused(`${method} ${path}`, response.status, code)
  }

  /** Anything that can be had without a choice to make; the first products, because one may be sold out. */
  async function* offers() {
    const { data } = await call<{ data: { id: string }[] }>('GET', '/v1/cafeterias?limit=100')
    for (const { id: cafeteriaId } of data) {
      const { categories } = await call<Menu>('GET', `/v1/cafeterias/${cafeteriaId}/menu`)
      const products = categories
        .flatMap((category) => category.products)
        .filter(({ modifierGroups }) => modifierGroups.every(({ minSelect }) => minSelect === 0))
      for (const { id } of products.slice(0, 3)) {
        yield { cafeteriaId, items: [{ productId: id, quantity: 1 }] }
      }
    }
  }

  return {
    /** @returns the access token */
    async logIn(email: string, password: string): Promise<string> {
      const body = { email, password }
      token = (await call<{ accessToken: string }>('POST', '/v1/auth/login', { body })).accessToken
      return token
    },
    /** @returns the id of the order */
    async placeOrder(): Promise<string> {
      let refusal: Error = new Error('no cafeteria offers anything')
      for await (const offer of offers()) {
        try {
          const headers = { 'idempotency-key': `smoke-${randomUUID()}` }
          const body = { ...offer, pickup: 'asap', payment: { method: 'wallet' } }
          return (await call<{ id: string }>('POST', '/v1/orders', { body, headers, expected: 201 })).id
        } catch (error) {
          // Closed, full, sold out: another cafeteria may serve. Anything else is what this test looks for.
          if (!(error instanceof Refused && /^(cafeteria|slot|product|no_slot)_/.test(error.code)))
            throw error
          refusal = error
        }
      }
      throw refusal
    },
    async readOrder(orderId: string): Promise<void> {
      const { id } = await call<{ id: string }>('GET', `/v1/orders/${orderId}`)
      if (id !== orderId) throw new Error(`it reads as ${id}`)
    },
    async cancelOrder(orderId: string): Promise<void> {
      const { status } = await call<{ status: string }>('POST', `/v1/orders/${orderId}/cancel`)
      if (status !== 'cancelled') throw new Error(`it is ${status}`)
    },
  }
}
