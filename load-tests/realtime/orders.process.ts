import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import type { OrdersPlan, OrdersReport } from './orders.ts'

/** Customers and staff who place and move orders at a steady rate, whether or not the answers keep up. */

const agent = new Agent({ keepAlive: true, maxSockets: 64 })
const everyMilliseconds = 5

function post(url: string, token: string, body?: object): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body ? { 'content-type': 'application/json', 'idempotency-key': randomUUID() } : {}),
    }
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    call.once('error', reject)
    call.end(body && JSON.stringify(body))
  })
}

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T

async function run(plan: OrdersPlan): Promise<OrdersReport> {
  const { url, customers, kitchens, perSecond, seconds, moves } = plan
  const report: OrdersReport = { placed: 0, moved: 0, refused: 0, firstRefusal: null, behind: 0 }
  const underWay = new Set<Promise<void>>()

  function refuse(reason: string): void {
    report.refused += 1
    report.firstRefusal ??= reason
  }

  async function one(): Promise<void> {
    const kitchen = pick(kitchens)
    const placed = await post(`${url}/v1/orders`, pick(customers), {
      cafeteriaId: kitchen.cafeteriaId,
      items: kitchen.productIds.map((productId) => ({ productId, quantity: 1 })),
      pickup: 'asap',
      payment: { method: 'wallet' },
    })
    if (placed.status !== 201) return refuse(placed.text)
    report.placed += 1
    const { id } = JSON.parse(placed.text) as { id: string }
    for (const move of moves) {
      const moved = await post(`${url}/v1/orders/${id}/${move}`, kitchen.staffToken)
      if (moved.status !== 200) return refuse(moved.text)
      report.moved += 1
    }
  }

  const startedAt = performance.now()
  let started = 0
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsed = Math.min((performance.now() - startedAt) / 1000, seconds)
      for (; started < elapsed * perSecond; started += 1) {
        const order = one()
          .catch((error: unknown) => refuse(String(error)))
          .finally(() => underWay.delete(order))
        underWay.add(order)
      }
      report.behind = Math.max(report.behind, underWay.size)
      if (elapsed < seconds) return
      clearInterval(timer)
      resolve()
    }, everyMilliseconds)
  })
  await Promise.all(underWay)
  return report
}

process.on('message', (plan: OrdersPlan) => {
  void run(plan).then((report) => process.send?.(report))
})
