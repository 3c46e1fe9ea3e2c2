import type { Filled } from './fill.ts'
import type { PathCost } from './sample-path.ts'

/** What was measured at one size. */
export interface Measured extends Filled {
  orders: number
  /** By name, uncached. */
  dashboards: Record<string, PathCost>
  hotPaths: Record<string, PathCost>
}

/** What a row must be: its value at the largest size, or the ratio of the largest size to the smallest. */
interface Required {
  of: 'value' | 'ratio'
  below?: number
  most?: number
  least?: number
}

export interface Row {
  title: string
  /** One for each size. */
  values: number[]
  /** The largest size to the smallest. */
  ratio: number
  required?: Required
  met?: boolean
}

/** Work per event is that of Postgres' processor; where that is too little to be counted, the time that passed. */
export function reportRows(measured: readonly Measured[]): Row[] {
  const row = (title: string, value: (one: Measured) => number, required?: Required): Row => {
    const values = measured.map(value)
    const [first, last] = [values[0] as number, values.at(-1) as number]
    const made = { title, values, ratio: last / first }
    return required ? { ...made, required, met: isMet(required, made) } : made
  }
  const names = (part: 'dashboards' | 'hotPaths') => Object.keys(measured[0]?.[part] ?? {})
  const path = (part: 'dashboards' | 'hotPaths', name: string) => (one: Measured) =>
    one[part][name] as PathCost
  return [
    row('seeded orders per second', (one) => one.ordersPerSecond, { of: 'value', least: 50_000 }),
    ...([100, 1000] as const).flatMap((batch) =>
      (['first', 'last'] as const).flatMap((tenth) => [
        row(
          `roll_up(${batch}), ${tenth} tenth: µs of Postgres per event`,
          ({ rollUp }) => rollUp[batch][tenth].processor || rollUp[batch][tenth].elapsed,
          batch === 100 ? { of: 'value', below: 200 } : undefined,
        ),
        row(
          `roll_up(${batch}), ${tenth} tenth: elapsed µs per event`,
          ({ rollUp }) => rollUp[batch][tenth].elapsed,
        ),
      ]),
    ),
    ...names('dashboards').flatMap((name) => {
      const cost = path('dashboards', name)
      return [
        row(`${name}: p50 ms`, (one) => cost(one).p50),
        row(
          `${name}: p95 ms`,
          (one) => cost(one).p95,
          name === 'dashboard' ? { of: 'value', below: 25 } : undefined,
        ),
        // An index of a larger table may be one page deeper.
        row(
          `${name}: pages read`,
          (one) => cost(one).buffers,
          name === 'dashboard' ? { of: 'ratio', most: 1.1 } : undefined,
        ),
      ]
    }),
    ...names('hotPaths').flatMap((name) => {
      const cost = path('hotPaths', name)
      return [
        row(`${name}: p50 ms`, (one) => cost(one).p50),
        row(`${name}: p95 ms`, (one) => cost(one).p95),
        row(`${name}: ms of Postgres`, (one) => cost(one).milliseconds, { of: 'ratio', most: 1.2 }),
        row(`${name}: pages read`, (one) => cost(one).buffers),
      ]
    }),
    ...Object.keys(measured[0]?.bytes ?? {}).map((name) =>
      row(`bytes per order: ${name}`, (one) => one.bytes[name] as number),
    ),
  ]
}

function isMet(
  { of, below, most, least }: Required,
  { values, ratio }: Pick<Row, 'values' | 'ratio'>,
): boolean {
  const number = of === 'ratio' ? ratio : (values.at(-1) as number)
  return number < (below ?? Infinity) && number <= (most ?? Infinity) && number >= (least ?? -Infinity)
}

/** One table of everything, with a column for each size. */
export function renderTable(measured: readonly Measured[], rows: readonly Row[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const head = [
    '',
    ...measured.map(({ orders }) => `${orders.toLocaleString('en')} orders`),
    'ratio',
    'required',
    'verdict',
  ]
  return [
    line(head),
    line(head.map((_, column) => (column === 0 ? '---' : '---:'))),
    ...rows.map(({ title, values, ratio, required, met }) =>
      line([
        title,
        ...values.map(shown),
        measured.length > 1 && Number.isFinite(ratio) ? ratio.toFixed(2) : '',
        required ? describe(required) : '',
        required ? (met ? 'met' : 'missed') : '',
      ]),
    ),
  ].join('\n')
}

const shown = (value: number) => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2))

function describe({ of, below, most, least }: Required): string {
  const what = of === 'ratio' ? 'ratio ' : ''
  if (below !== undefined) return `${what}below ${below}`
  return most === undefined ? `${what}at least ${least?.toLocaleString('en')}` : `${what}at most ${most}`
}
