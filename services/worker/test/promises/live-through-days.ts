import { randomUUID } from 'node:crypto'
import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { learnPromises } from '#src/promises/promises.repository.ts'
import type { SimulatedOrder } from './simulate-kitchen.ts'

/** What became of a promise. */
export interface Promised extends SimulatedOrder {
  /** Whether the order was ready when it was promised, and when it would have been promised with nothing learnt. */
  kept: boolean
  naivelyKept: boolean
  promisedSeconds: number
  /** How long the orders before it were to take. */
  waitSeconds: number
}

const midnight = Date.parse('2026-03-02T00:00:00Z')
const instant = (seconds: number) => new Date(midnight + seconds * 1000).toISOString()

/**
 * Has simulated orders promised and learnt by the database: each asks `promise_estimate` when it comes, with the orders before it in the
 * kitchen's queue, and `learn_promises` learns from each when it is ready.
 * @param cooks as the cafeteria's settings say, whoever really cooks
 */
export async function liveThroughDays(
  db: Kysely<Schema>,
  { cafeteriaId, cooks }: { cafeteriaId: string; cooks: number },
  orders: readonly SimulatedOrder[],
): Promise<Promised[]> {
  const slotId = randomUUID()
  const moments = orders.flatMap((order, number) => [
    { at: order.placedAt, number, ready: false },
    { at: order.readyAt, number, ready: true },
  ])
  const placed = new Map<number, { id: string; naiveSeconds: number; promisedSeconds: number }>()
  for (const { at, number, ready } of moments.toSorted((a, b) => a.at - b.at)) {
    const { makeSeconds } = orders[number] as SimulatedOrder
    if (!ready) {
      const { rows } = await sql<{ id: string; naiveSeconds: number; promisedSeconds: number }>`
        with estimate as (select * from promise_estimate(${cafeteriaId}, ${cooks}, ${instant(at)}, ${makeSeconds})),
        moment as (
          select e.*, ${instant(at)}::timestamptz as at, ${instant(at)}::timestamptz + make_interval(secs => e.promised_seconds) as promised_at
          from estimate e
        ), placed as (
          insert into orders (cafeteria_id, user_id, slot_id, status, total_cents, currency, make_seconds, payment_method, pickup_at,
            pickup_until, promised_at, begin_at, naive_seconds, pickup_date, number, pickup_code, placed_at, items)
          select ${cafeteriaId}, uuidv7(), ${slotId}, 'placed', 0, 'MXN', ${makeSeconds}, 'wallet', promised_at,
            promised_at, promised_at, at, naive_seconds, at::date, ${number}, 'CODE', at, '[]' from moment
          returning id
        ) select placed.id, moment.naive_seconds, moment.promised_seconds from placed, moment`.execute(db)
      placed.set(number, rows[0] as (typeof rows)[number])
      continue
    }
    const id = placed.get(number)?.id
    const { rows } = await sql<{ id: number }>`
      with moved as (
        update orders o set status = 'ready', ready_at = ${instant(at)}, version = version + 1 where id = ${id} returning o
      )
      insert into events (type, cafeteria_id, order_id, version, actor_role, data, at)
      select 'order.ready', (o).cafeteria_id, (o).id, (o).version, 'staff', ready_order(o), ${instant(at)} from moved
      returning id`.execute(db)
    await learnPromises(db, [rows[0]?.id as number])
  }
  return orders.map((order, number) => {
    const { naiveSeconds, promisedSeconds } = placed.get(number) as {
      naiveSeconds: number
      promisedSeconds: number
    }
    const seconds = order.readyAt - order.placedAt
    return {
      ...order,
      promisedSeconds,
      waitSeconds: naiveSeconds - order.makeSeconds,
      kept: seconds <= promisedSeconds,
      naivelyKept: seconds <= naiveSeconds,
    }
  })
}
