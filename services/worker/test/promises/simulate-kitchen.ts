/** An order in a simulated kitchen. Times are seconds since the first midnight. */
export interface SimulatedOrder {
  day: number
  /** Whether it came in a rush, at lunch or dinner. */
  rush: boolean
  placedAt: number
  makeSeconds: number
  readyAt: number
}

export interface SimulatedKitchen {
  seed: number
  days: number
  /** How many people cook on a day, from 0. */
  cooksOn: (day: number) => number
}

const [hour, day] = [3600, 86_400]

/** How many orders come in an hour of the day: some from 8 to 20, and many at lunch and dinner. */
const ordersPerHour = (hourOfDay: number) => {
  if (hourOfDay < 8 || hourOfDay >= 21) return 0
  if (hourOfDay >= 12 && hourOfDay < 14) return 80
  if (hourOfDay >= 18 && hourOfDay < 20) return 72
  return 24
}
const isRush = (hourOfDay: number) => ordersPerHour(hourOfDay) > 24
const mostPerHour = 80

/**
 * Simulates days of a kitchen whose cooks take one order after the other. Orders come at random, each of a few products, and take longer
 * or shorter than their make time: nobody works by the clock, somebody has to see the order first, and in a rush people stand in one
 * another's way. The same seed gives the same days.
 * @returns the orders by when they came
 */
export function simulateKitchen({ seed, days, cooksOn }: SimulatedKitchen): SimulatedOrder[] {
  const random = seededRandom(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const orders: SimulatedOrder[] = []
  for (let today = 0; today < days; today += 1) {
    const freeAt = Array.from({ length: cooksOn(today) }, () => 0)
    // Arrivals of a rate that changes, by thinning those of the highest rate.
    for (let at = 0; at < day; ) {
      at += (-Math.log(1 - random()) * hour) / mostPerHour
      const hourOfDay = at / hour
      if (random() * mostPerHour >= ordersPerHour(hourOfDay)) continue
      const makeSeconds = Math.round(Math.min(600, 40 + 110 * Math.exp(0.6 * normal())))
      const rush = isRush(hourOfDay)
      const work = makeSeconds * Math.exp(0.1 + 0.25 * normal() + (rush ? 0.1 : 0)) + 10 + 40 * random()
      const cook = freeAt.indexOf(Math.min(...freeAt))
      const readyAt = Math.max(at, freeAt[cook] as number) + work
      freeAt[cook] = readyAt
      orders.push({
        day: today,
        rush,
        placedAt: today * day + at,
        makeSeconds,
        readyAt: today * day + readyAt,
      })
    }
  }
  return orders
}

/** The generator mulberry32 by Tommy Ettinger: numbers from 0 up to 1, the same for the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
