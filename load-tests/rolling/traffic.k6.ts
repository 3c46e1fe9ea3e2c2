// What k6 does: customers place orders, the staff moves them, others read. Arrivals are steady, whatever the answers take.
import 'k6'
import http, { type RefinedResponse } from 'k6/http'
import type { Options, Scenario } from 'k6/options'
import type { TrafficPlan } from './traffic-plan.ts'

const plan = JSON.parse(open(__ENV['PLAN'] as string)) as TrafficPlan
const { url, customers, kitchens } = plan

const steady = (exec: string, rate: number): Scenario => ({
  exec,
  rate,
  executor: 'constant-arrival-rate',
  timeUnit: '1s',
  duration: `${plan.seconds}s`,
  gracefulStop: '60s',
  // Each virtual user takes 3 MB. Answers may take 2 seconds before more users are made, and 20 before an arrival is skipped.
  preAllocatedVUs: rate * 2,
  maxVUs: rate * 20,
})

export const options: Options = {
  scenarios: {
    orders: steady('placeOrder', plan.ordersPerSecond),
    reads: steady('read', plan.readsPerSecond),
  },
  // A connection of its own for every request: those that nginx keeps to the pods are what is tested, and a reload of
  // nginx may close one of a client just when it is used.
  noConnectionReuse: true,
  summaryTrendStats: ['med', 'max'],
}

export const handleSummary = (summary: unknown) => ({ [__ENV['SUMMARY'] as string]: JSON.stringify(summary) })

type Response = RefinedResponse<'text'>

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T

/** What counts as failed for k6 is every status but this one. */
const asking = (status: number, token: string, headers: Record<string, string> = {}) => ({
  headers: { authorization: `Bearer ${token}`, ...headers },
  responseCallback: http.expectedStatuses(status),
  responseType: 'text' as const,
  timeout: '30s',
})

function isPromised(response: Response, status: number): boolean {
  if (response.status === status) return true
  const { request, error, body } = response
  console.error(`${request.method} ${response.url} was answered ${response.status} ${error} ${body}`)
  return false
}

/** Told to whoever started this: what was acknowledged must never be lost. */
const acknowledge = (response: Response, customer: number) =>
  console.log(`acknowledged ${String(response.json('id'))} ${String(response.json('version'))} ${customer}`)

export function placeOrder(): void {
  const kitchen = pick(kitchens)
  const customer = Math.floor(Math.random() * customers.length)
  const body = {
    cafeteriaId: kitchen.cafeteriaId,
    items: kitchen.productIds.map((productId) => ({ productId, quantity: 1 })),
    pickup: 'asap',
    payment: { method: 'wallet' },
  }
  const headers = {
    'content-type': 'application/json',
    'idempotency-key': `rolling-${__VU}-${__ITER}-${Date.now()}`,
  }
  const asked = asking(201, customers[customer] as string, headers)
  const placed = http.post(`${url}/v1/orders`, JSON.stringify(body), asked)
  if (!isPromised(placed, 201)) return
  acknowledge(placed, customer)
  for (const move of ['accept', 'start', 'ready']) {
    const path = `${url}/v1/orders/${String(placed.json('id'))}/${move}`
    const moved = http.post(path, null, asking(200, kitchen.staffToken))
    if (!isPromised(moved, 200)) return
    acknowledge(moved, customer)
  }
}

export function read(): void {
  const path = pick([`/v1/cafeterias/${pick(kitchens).cafeteriaId}/menu`, '/v1/orders', '/v1/cafeterias'])
  isPromised(http.get(`${url}${path}`, asking(200, pick(customers))), 200)
}
