import { randomUUID } from 'node:crypto'
import type { People } from './people.ts'
import type { Asked } from './sample-path.ts'

/** What customers and kitchens ask orders for all day. Lists are asked by whoever has most to list. */
export function hotPaths(url: string, people: People): Asked[] {
  const { cafeteriaId, customer, placing, staff, feedAfter, productIds } = people
  const get = (name: string, path: string, token: string): Asked => ({
    name,
    request: () => ({ url: url + path, init: { headers: { authorization: `Bearer ${token}` } } }),
  })
  const kitchen = `/v1/orders?cafeteriaId=${cafeteriaId}`
  return [
    {
      name: 'place an order',
      request: () => ({
        url: `${url}/v1/orders`,
        init: {
          method: 'POST',
          headers: {
            authorization: `Bearer ${placing}`,
            'content-type': 'application/json',
            'idempotency-key': randomUUID(),
          },
          body: JSON.stringify({
            cafeteriaId,
            items: productIds.map((productId) => ({ productId, quantity: 1 })),
            pickup: 'asap',
            payment: { method: 'wallet' },
          }),
        },
      }),
    },
    get('own orders', '/v1/orders', customer),
    get('the first screen', '/v1/me/summary', customer),
    get("staff's list", kitchen, staff),
    get("staff's list of open orders", `${kitchen}&status=placed,accepted,preparing,ready`, staff),
    get("staff's list of closed orders", `${kitchen}&status=collected,uncollected,rejected,cancelled`, staff),
    get('a numbered page', `${kitchen}&page=3`, staff),
    get('the feed', `/v1/cafeterias/${cafeteriaId}/feed?after=${feedAfter}`, staff),
    get('transactions', '/v1/transactions', customer),
  ]
}
