import { parseArgs } from 'node:util'

export interface Settings {
  /** How many orders there are, in ascending order; each size has servers of its own. */
  sizes: number[]
  /** How many of them are of the last four weeks, which are the same at every size. */
  recentOrders: number
  /** How often each path is asked for. */
  requests: number
  /** How many events are rolled up in batches of each size, at most, at either end of the log. */
  measuredEvents: number
}

const mostOrders = 10_000_000
const leastOrders = 100

/** @throws Error with one sentence about an argument that makes no sense */
export function readSettings(args: string[]): Settings {
  const { values } = parseArgs({
    args,
    options: {
      sizes: { type: 'string', default: '20000,300000' },
      recent: { type: 'string' },
      requests: { type: 'string', default: '200' },
      events: { type: 'string', default: '50000' },
    },
  })
  const sizes = values.sizes
    .split(',')
    .map((text) => wholeNumber('--sizes', text, leastOrders, mostOrders))
    .toSorted((a, b) => a - b)
  const half = Math.floor((sizes[0] as number) / 2)
  const recent = values.recent ?? String(Math.min(10_000, half))
  return {
    sizes,
    recentOrders: wholeNumber('--recent', recent, 1, half),
    requests: wholeNumber('--requests', values.requests, 1, 100_000),
    measuredEvents: wholeNumber('--events', values.events, 100, 10_000_000),
  }
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < least || number > most)
    throw new Error(`${name} is a whole number from ${least} to ${most}, not "${text}".`)
  return number
}
