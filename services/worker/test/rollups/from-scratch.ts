import { localTime, microseconds } from './local-time.ts'
import type { HistoricEvent, HistoricOrder, History } from './read-history.ts'
import { Tally } from './tally.ts'

const second = 1_000_000

interface PlacedOrder {
  at: number
  cents: number
  /** Whether it was rejected or cancelled afterwards. */
  lost: boolean
}

/** What the rollups have to be: worked out order by order from its whole life, where roll_up adds differences event by event. */
export function aggregateFromScratch({ orders, zones }: History) {
  const [hours, days, products, statuses, payments] = [
    new Tally(),
    new Tally(),
    new Tally(),
    new Tally(),
    new Tally(),
  ]
  const visitors = new Map<string, Map<string, PlacedOrder[]>>()

  function clock(cafeteriaId: string, at: number) {
    const zone = zones.get(cafeteriaId)?.find(({ since }) => since <= at)
    if (zone === undefined) throw new Error('a cafeteria without a time zone')
    return localTime(at, zone.timeZone)
  }

  function count(order: HistoricOrder, { at }: HistoricEvent, sums: Record<string, number>) {
    const { date, hour, hourStartedAt } = clock(order.cafeteriaId, at)
    hours.add([order.cafeteriaId, date, hourStartedAt, hour], sums)
    days.add([order.cafeteriaId, date], sums)
  }

  function countLines(order: HistoricOrder, { at }: HistoricEvent, lost: boolean) {
    const { date, hour } = clock(order.cafeteriaId, at)
    for (const { productId, quantity, unitPriceCents } of order.lines) {
      const cents = quantity * unitPriceCents
      const sums = lost
        ? { lostQuantity: quantity, lostCents: cents }
        : { quantity, cents, [`hour ${hour}`]: quantity }
      products.add([order.cafeteriaId, date, productId], sums)
    }
  }

  function countReady(order: HistoricOrder, ready: HistoricEvent, started: HistoricEvent) {
    const make = Math.max(0, ready.at - started.at) / second
    const late = (ready.at - microseconds(ready.data?.['promisedAt'] as string)) / second
    const naivePromise = ready.data?.['naiveAt'] ?? ready.data?.['promisedAt']
    const naiveLate = (ready.at - microseconds(naivePromise as string)) / second
    count(order, ready, {
      ready: 1,
      makeSeconds: wholeSeconds(make),
      [`make ${bucketOf(make)}`]: 1,
      ...(late > 0
        ? { lateSeconds: wholeSeconds(late), [`late ${bucketOf(late)}`]: 1 }
        : { kept: 1, earlySeconds: wholeSeconds(-late), [`early ${bucketOf(-late)}`]: 1 }),
      ...(naiveLate > 0
        ? { naiveLateSeconds: wholeSeconds(naiveLate) }
        : { naiveKept: 1, naiveEarlySeconds: wholeSeconds(-naiveLate) }),
    })
  }

  for (const order of orders) {
    const moves = order.events.filter(({ version }) => version !== null)
    const find = (type: string) => moves.find((move) => move.type === `order.${type}`)
    const placed = find('placed')
    const [cents, units] = [order.totalCents, order.lines.reduce((sum, { quantity }) => sum + quantity, 0)]
    const isLost = find('rejected') !== undefined || find('cancelled') !== undefined
    if (placed !== undefined) {
      const asap = placed.data?.['pickupKind'] === 'asap' ? 1 : 0
      count(order, placed, { placed: 1, asap, items: units, grossCents: cents })
      countLines(order, placed, false)
      const customer = `${order.cafeteriaId} ${order.userId}`
      const visits = visitors.get(customer) ?? new Map<string, PlacedOrder[]>()
      const { date } = clock(order.cafeteriaId, placed.at)
      visitors.set(
        customer,
        visits.set(date, [...(visits.get(date) ?? []), { at: placed.at, cents, lost: isLost }]),
      )
    }
    for (const outcome of ['rejected', 'cancelled', 'expired', 'collected', 'uncollected']) {
      const move = find(outcome)
      if (move === undefined) continue
      const lost = placed !== undefined && (outcome === 'rejected' || outcome === 'cancelled')
      if (lost) countLines(order, move, true)
      const abandoned = outcome === 'cancelled' && placed === undefined
      count(order, move, { [abandoned ? 'abandoned' : outcome]: 1, lostCents: lost ? cents : 0 })
    }
    const [started, ready] = [find('preparing'), moves.findLast(({ type }) => type === 'order.ready')]
    const recalled = moves.findLast(({ type }) => type === 'order.preparing')
    const stands = ready !== undefined && (ready.version ?? 0) > (recalled?.version ?? 0)
    if (stands && started !== undefined) countReady(order, ready, started)

    const { date: day } = clock(order.cafeteriaId, order.createdAt)
    statuses.add([order.cafeteriaId, day, moves.at(-1)?.type.slice('order.'.length) as string], { orders: 1 })
    countPayments(order)
  }

  function countPayments({ cafeteriaId, totalCents, events }: HistoricOrder) {
    const authorized = new Set<unknown>()
    for (const { type, at, data } of events) {
      const { date } = clock(cafeteriaId, at)
      const add = (method: unknown, outcome: string, cents: unknown) =>
        payments.add([cafeteriaId, date, String(method), outcome], { payments: 1, cents: Number(cents) })
      if (type === 'order.placed' && data?.['paymentMethod'] === 'wallet' && totalCents > 0)
        add('wallet', 'captured', totalCents)
      if (type === 'payment.authorized') authorized.add(data?.['paymentId'])
      const outcome = {
        'payment.authorized': 'authorized',
        'payment.declined': 'declined',
        'payment.failed': authorized.has(data?.['paymentId']) ? 'capture_failed' : 'failed',
        'payment.captured': 'captured',
        'payment.voided': 'voided',
        'refund.succeeded': 'refunded',
        'refund.failed': 'refund_failed',
      }[type]
      if (outcome !== undefined) add(data?.['method'], outcome, data?.['amountCents'])
    }
  }

  const customers = new Tally()
  for (const [customer, visits] of visitors) {
    const [cafeteriaId = ''] = customer.split(' ')
    const dates = [...visits.keys()].toSorted()
    for (const date of dates)
      days.add([cafeteriaId, date], { customers: 1, newCustomers: date === dates[0] ? 1 : 0 })
    const placed = [...visits.values()].flat()
    const sum = (some: PlacedOrder[]) => some.reduce((total, { cents }) => total + cents, 0)
    customers.add([customer, dates[0] as string, dates.at(-1) as string], {
      orders: placed.length,
      cents: sum(placed),
      lostOrders: placed.filter(({ lost }) => lost).length,
      lostCents: sum(placed.filter(({ lost }) => lost)),
      lastAt: Math.max(...placed.map(({ at }) => at)),
    })
  }
  return {
    hours: withoutHistograms(hours.sums()),
    days: days.sums(),
    products: products.sums(),
    statuses: statuses.sums(),
    payments: payments.sums(),
    customers: customers.sums(),
  }
}

export type Aggregates = ReturnType<typeof aggregateFromScratch>

/** Rounds as Postgres rounds what is double precision: a half to the even one. */
function wholeSeconds(seconds: number): number {
  const rounded = Math.round(seconds)
  return seconds % 1 === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded
}

/** Which element of a histogram counts a duration: the first whose upper end, 1.05 to the power of n - 1, is not below it. */
export function bucketOf(seconds: number): number {
  let bucket = 1
  for (let end = 1; end < seconds * (1 - 1e-12); end *= 1.05) bucket += 1
  return bucket
}

/** Hours have no histograms. */
const withoutHistograms = (rows: Record<string, Record<string, number>>) =>
  Object.fromEntries(
    Object.entries(rows).map(([key, row]) => [
      key,
      Object.fromEntries(Object.entries(row).filter(([name]) => !/ \d+$/.test(name))),
    ]),
  )
