import { randomUUID } from 'node:crypto'

/** Calls of one customer, each of which throws when it is not answered as promised. */
export function createApi(baseUrl, signal) {
  let token = null

  async function call(method, path, { body, headers = {}, expected = 200 } = {}) {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      signal,
      headers: {
        ...headers,
        ...(body && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: body && JSON.stringify(body),
    })
    const text = await response.text()
    if (response.status !== expected) {
      const { code } = (text.startsWith('{') && JSON.parse(text)) || {}
      throw Object.assign(new Error(`${method} ${path} answers ${response.status} ${code ?? ''}`), { code })
    }
    return JSON.parse(text)
  }

  /** Anything that can be had at this hour, without a choice to make. */
  async function* offers() {
    for (const cafeteria of (await call('GET', '/v1/cafeterias?limit=100')).data) {
      const { categories } = await call('GET', `/v1/cafeterias/${cafeteria.id}/menu`)
      const products = categories
        .flatMap((category) => category.products)
        .filter(({ modifierGroups }) => modifierGroups.every(({ minSelect }) => minSelect === 0))
      // The first may be sold out.
      for (const { id } of products.slice(0, 3)) {
        yield { cafeteriaId: cafeteria.id, items: [{ productId: id, quantity: 1 }] }
      }
    }
  }

  return {
    get token() {
      return token
    },
    async logIn(email, password) {
      token = (await call('POST', '/v1/auth/login', { body: { email, password } })).accessToken
    },
    async placeOrder() {
      let refusal = new Error('no cafeteria offers anything')
      for await (const offer of offers()) {
        try {
          const headers = { 'idempotency-key': `smoke-${randomUUID()}` }
          const body = { ...offer, pickup: 'asap', payment: { method: 'wallet' } }
          return await call('POST', '/v1/orders', { body, headers, expected: 201 })
        } catch (error) {
          // Closed, full, sold out: another cafeteria may serve. Anything else is what this test looks for.
          if (!/^(cafeteria|slot|product|no_slot)_/.test(error.code ?? '')) throw error
          refusal = error
        }
      }
      throw refusal
    },
    async readOrder(id) {
      const order = await call('GET', `/v1/orders/${id}`)
      if (order.id !== id) throw new Error(`it reads as ${order.id}`)
    },
    async cancelOrder(id) {
      const { status } = await call('POST', `/v1/orders/${id}/cancel`)
      if (status !== 'cancelled') throw new Error(`it is ${status}`)
    },
  }
}
