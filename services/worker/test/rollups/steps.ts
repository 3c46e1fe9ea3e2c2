import { randomUUID } from 'node:crypto'
import type { Act, Life, RandomDays } from './random-days.ts'

/** The order of a life. */
export interface Bought {
  id: string
  /** Which of the orders of the days it is. */
  number: number
  cafeteriaId: string
  userId: string
  createdAt: string
  promisedAt: string
  naiveAt: string | null
  totalCents: number
  method: 'wallet' | 'card'
  pickupKind: string
  lines: { productId: string; quantity: number; unitPriceCents: number }[]
}

/** An event that is appended to the log, with its order when it is the first. */
export interface Step {
  order: Bought
  type: string
  version: number | null
  at: string
  data: object | null
  /** When it is committed, in milliseconds since 1970. */
  committedAt: number
  overtakes: boolean
  act: Act
}

/** Who takes part: ids by their numbers in a day. */
export interface Cast {
  cafeteriaIds: string[]
  userIds: string[]
  productIds: string[]
}

const iso = (at: number) => new Date(at).toISOString()

/** The events of a day in the order in which they are committed. The moves of one order are committed in their order. */
export function listSteps(day: RandomDays, cast: Cast): Step[] {
  const morning = Date.parse(day.morning)
  return day.lives
    .flatMap((life, number) => [...listMoves(buy(life, number, morning, cast), life)])
    .toSorted((a, b) => a.committedAt - b.committedAt)
}

function* listMoves(order: Bought, life: Life): Generator<Step> {
  const statuses = life.statuses.flatMap((status) =>
    status === 'again' ? Array.from({ length: life.recalls }, () => ['preparing', 'ready']).flat() : [status],
  )
  const opening = {
    total_cents: order.totalCents,
    currency: 'EUR',
    payment_method: order.method,
    pickup_kind: order.pickupKind,
  }
  let at = Date.parse(order.createdAt)
  let committedAt = at
  for (const [index, status] of statuses.entries()) {
    if (index > 0) at += life.gaps[index] as number
    committedAt = Math.max(committedAt, at + (life.delays[index] as number))
    const opens = status === 'pending_payment' || status === 'placed'
    yield {
      order,
      type: `order.${status}`,
      version: index + 1,
      at: iso(at),
      data: opens ? opening : status === 'ready' ? readyData(order) : null,
      committedAt,
      overtakes: index > 0 && (life.overtakes[index] as boolean),
      act: life.acts[index] as Act,
    }
  }
  for (const [index, { type, payment, cents, after }] of life.money.entries()) {
    const happens = Date.parse(order.createdAt) + after
    const data = { payment_id: `${payment}`, method: 'card', amount_cents: cents, currency: 'EUR' }
    yield {
      order,
      type,
      version: null,
      at: iso(happens),
      data,
      committedAt: Math.max(happens, Date.parse(order.createdAt) + (life.delays[0] as number)) + 1,
      overtakes: false,
      act: life.acts[13 - index] as Act,
    }
  }
}

const readyData = ({ promisedAt, naiveAt, createdAt }: Bought) => ({
  promised_at: promisedAt,
  ...(naiveAt !== null && {
    estimated_at: createdAt,
    naive_at: naiveAt,
    naive_seconds: Math.round((Date.parse(naiveAt) - Date.parse(createdAt)) / 1000),
    wait_seconds: 0,
  }),
})

function buy(
  life: Life,
  number: number,
  morning: number,
  { cafeteriaIds, userIds, productIds }: Cast,
): Bought {
  const createdAt = morning + life.startsAfter
  const lines = life.lines.map(({ product, ...line }) => ({
    ...line,
    productId: productIds[product] as string,
  }))
  return {
    id: randomUUID(),
    number,
    cafeteriaId: cafeteriaIds[life.cafeteria] as string,
    userId: userIds[life.customer] as string,
    createdAt: iso(createdAt),
    promisedAt: iso(createdAt + life.promisedAfter),
    naiveAt: life.naiveAfter === null ? null : iso(createdAt + life.naiveAfter),
    totalCents: lines.reduce((sum, { quantity, unitPriceCents }) => sum + quantity * unitPriceCents, 0),
    method: life.wallet ? 'wallet' : 'card',
    pickupKind: life.pickupKind,
    lines,
  }
}
