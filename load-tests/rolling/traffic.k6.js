// What k6 does: customers place orders, the staff moves them, others read. Arrivals are steady, whatever the answers take.
import { check } from 'k6'
import http from 'k6/http'
import { Counter } from 'k6/metrics'

const { url, customers, kitchens, ordersPerSecond, readsPerSecond } = JSON.parse(open(__ENV.PLAN))
const steady = (exec, rate) => ({
  exec,
  rate,
  executor: 'constant-arrival-rate',
  timeUnit: '1s',
  // Stopped from outside when the restarts are over.
  duration: '1h',
  preAllocatedVUs: rate * 5,
  maxVUs: rate * 50,
})

export const options = {
  scenarios: { orders: steady('placeOrder', ordersPerSecond), reads: steady('read', readsPerSecond) },
  // A connection of its own for every request: those that nginx keeps to the pods are what is tested, and a reload of
  // nginx may close one of a client just when it is used.
  noConnectionReuse: true,
  summaryTrendStats: ['med', 'p(95)', 'max'],
}

const wrong = new Counter('wrong_answers')
const pick = (list) => list[Math.floor(Math.random() * list.length)]
const as = (token, headers = {}) => ({
  headers: { authorization: `Bearer ${token}`, ...headers },
  timeout: '30s',
})

function expect(response, status) {
  if (check(response, { 'is as promised': () => response.status === status })) return true
  wrong.add(1)
  console.error(
    `wrong ${response.request.method} ${response.url} ${response.status} ${response.error} ${response.body}`,
  )
  return false
}

/** Told to whoever started this: what was acknowledged, so that it must never be lost. */
const acknowledge = (response, customer) =>
  console.log(`acknowledged ${response.json('id')} ${response.json('version')} ${customer}`)

export function placeOrder() {
  const kitchen = pick(kitchens)
  const customer = Math.floor(Math.random() * customers.length)
  const body = {
    cafeteriaId: kitchen.cafeteriaId,
    items: kitchen.productIds.map((productId) => ({ productId, quantity: 1 })),
    pickup: 'asap',
    payment: { method: 'wallet' },
  }
  const key = `rolling-${__VU}-${__ITER}-${Date.now()}`
  const headers = { 'content-type': 'application/json', 'idempotency-key': key }
  const placed = http.post(`${url}/v1/orders`, JSON.stringify(body), as(customers[customer], headers))
  if (!expect(placed, 201)) return
  acknowledge(placed, customer)
  for (const move of ['accept', 'start', 'ready']) {
    const moved = http.post(`${url}/v1/orders/${placed.json('id')}/${move}`, null, as(kitchen.staffToken))
    if (!expect(moved, 200)) return
    acknowledge(moved, customer)
  }
}

export function read() {
  const { cafeteriaId } = pick(kitchens)
  const path = pick([`/v1/cafeterias/${cafeteriaId}/menu`, '/v1/orders', '/v1/cafeterias'])
  expect(http.get(`${url}${path}`, as(pick(customers))), 200)
}
