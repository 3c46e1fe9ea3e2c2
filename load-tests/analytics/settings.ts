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
export function readSettings(args: readonly string[]): Settings {
  const values = new Map(args.map((arg) => [arg.split('=')[0] as string, arg.slice(arg.indexOf('=') + 1)]))
  const whole = (name: string, text: string, least: number, most: number) => {
    const number = Number(text)
    if (!/^\d+$/.test(text) || number < least || number > most)
      throw new Error(`${name} is a whole number from ${least} to ${most}, not "${text}".`)
    return number
  }
  const read = (name: string, otherwise: number, least: number, most: number) => {
    const given = values.get(name)
    values.delete(name)
    return given === undefined ? otherwise : whole(name, given, least, most)
  }
  const sizes = (values.get('--sizes') ?? '20000,300000')
    .split(',')
    .map((text) => whole('--sizes', text, leastOrders, mostOrders))
    .toSorted((a, b) => a - b)
  values.delete('--sizes')
  const half = Math.floor((sizes[0] as number) / 2)
  const settings = {
    sizes,
    recentOrders: read('--recent', Math.min(10_000, half), 1, half),
    requests: read('--requests', 200, 1, 100_000),
    measuredEvents: read('--events', 50_000, 100, 10_000_000),
  }
  const [unknown] = values.keys()
  if (unknown !== undefined)
    throw new Error(`There is no ${unknown}; there are --sizes, --recent, --requests and --events.`)
  return settings
}
