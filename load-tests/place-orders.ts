/**
 * Places three-line wallet orders as fast as a running fleet takes them, and prints what it took.
 *
 *   RATE_LIMITS=off make up && make load-orders
 *
 * COMANDA_URL   where orders listens (http://127.0.0.1:3001)
 * CONNECTIONS   customers at once, one connection each (50)
 * SECONDS       how long (10)
 * SLOTS         spread: over the free slots of the next days; one: all into the same, the worst case (spread)
 */
import { randomUUID } from 'node:crypto'
import autocannon from 'autocannon'

const url = process.env['COMANDA_URL'] ?? 'http://127.0.0.1:3001'
const connections = Number(process.env['CONNECTIONS'] ?? 50)
const duration = Number(process.env['SECONDS'] ?? 10)
const spread = (process.env['SLOTS'] ?? 'spread') === 'spread'

async function call<T>(path: string, { token, body }: { token?: string; body?: object } = {}): Promise<T> {
  const response = await fetch(url + path, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}

/** A customer with money, as any other: registered, and topped up with a card. */
async function createCustomer(): Promise<string> {
  const { accessToken } = await call<{ accessToken: string }>('/v1/auth/register', {
    body: { email: `load-${randomUUID()}@comanda.test`, password: randomUUID(), name: 'Load' },
  })
  await call('/v1/wallet/top-ups', { token: accessToken, body: { amountCents: 10_000_000, token: 'tok_ok' } })
  return accessToken
}

interface Page<T> {
  data: T[]
}
interface Product {
  id: string
  availability: { status: string }
}

const { data: cafeterias } = await call<Page<{ id: string; orderingNow: boolean }>>('/v1/cafeterias')
const cafeteriaId = cafeterias.find(({ orderingNow }) => orderingNow)?.id
const { categories } = await call<{ categories: { products: Product[] }[] }>(
  `/v1/cafeterias/${cafeteriaId}/menu`,
)
const products = categories
  .flatMap((category) => category.products)
  .filter(({ availability }) => availability.status === 'in_stock')
const days = [1, 2, 3].map((ahead) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10))
const slots = (
  await Promise.all(
    days.map((date) =>
      call<Page<{ id: string; available: boolean }>>(`/v1/cafeterias/${cafeteriaId}/slots?date=${date}`),
    ),
  )
).flatMap(({ data }) => data.filter(({ available }) => available))

const tokens: string[] = []
for (let customer = 0; customer < connections; customer += 1) tokens.push(await createCustomer())

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T

function order(): string {
  const first = Math.floor(Math.random() * (products.length - 3))
  return JSON.stringify({
    cafeteriaId,
    items: products.slice(first, first + 3).map(({ id }) => ({ productId: id, quantity: 1 })),
    ...(spread ? { slotId: pick(slots).id } : { pickup: 'asap' }),
    payment: { method: 'wallet' },
  })
}

let next = 0
const result = await autocannon({
  url: `${url}/v1/orders`,
  connections,
  duration,
  setupClient(client) {
    const token = tokens[next++ % tokens.length]
    client.setRequests([
      {
        method: 'POST',
        setupRequest: (request) => ({
          ...request,
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            'idempotency-key': randomUUID(),
          },
          body: order(),
        }),
      },
    ])
  },
})

const { requests, latency } = result
console.log(
  JSON.stringify(
    {
      connections,
      seconds: result.duration,
      slots: spread ? 'spread' : 'one',
      ordersPerSecond: requests.average,
      placed: result['2xx'],
      refused: result.non2xx,
      errors: result.errors,
      latencyMs: { p50: latency.p50, p97_5: latency.p97_5, p99: latency.p99, max: latency.max },
    },
    null,
    2,
  ),
)
if (result.non2xx > 0 || result.errors > 0) process.exitCode = 1
