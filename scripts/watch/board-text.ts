import { styleText } from 'node:util'
import Table from 'cli-table3'
import { closedStatuses, openStatuses } from '../../libs/ordering/src/index.ts'
import type { FeedOrder, LiveOrders } from './live-orders.ts'

interface BoardColumn {
  title: string
  statuses: readonly FeedOrder['status'][]
}

/** What a person calls the statuses that have another name. */
const titles: Partial<Record<FeedOrder['status'], string>> = { pending_payment: 'to be paid' }

export const columns: BoardColumn[] = [
  ...openStatuses.map((status) => ({ title: titles[status] ?? status, statuses: [status] })),
  { title: 'over', statuses: closedStatuses },
]

/** The newest orders of each column, as many as rows fit, and how many there are. */
export function arrange(
  live: LiveOrders,
  rows: number,
): { title: string; count: number; newest: FeedOrder[] }[] {
  const orders = [...(live.board?.orders.values() ?? [])].toSorted((one, other) =>
    other.updatedAt.localeCompare(one.updatedAt),
  )
  return columns.map(({ title, statuses }) => {
    const all = orders.filter(({ status }) => statuses.includes(status))
    return { title, count: all.length, newest: all.slice(0, rows) }
  })
}

const colours = { connected: 'green', connecting: 'yellow', waiting: 'red', closed: 'red' } as const

/** A clock of the cafeteria, as in 12:05. */
export function clockOf(timeZone: string): (at: string) => string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' })
  return (at) => format.format(new Date(at))
}

/** The first line: which cafeteria, and how sure one can be of the rest. */
export function headline({ cafeteria, state, reason, board, lag }: LiveOrders): string {
  const isBehind = state === 'connected' && board?.current === false
  return [
    styleText('bold', cafeteria.name),
    styleText(colours[state], state) + (reason === null ? '' : ` (${reason})`),
    isBehind ? 'catching up' : `event ${board?.seq ?? 0}`,
    lag === null ? 'no event yet' : `lag ${lag} ms`,
  ].join('   ')
}

/** The whole board as it fits into `size` of a terminal. */
export function boardText(live: LiveOrders, size: { rows: number; columns: number }): string {
  // The headline, the borders and the titles of the table, and the line of the cursor.
  const rows = Math.max(1, size.rows - 7)
  const arranged = arrange(live, rows)
  const clock = clockOf(live.cafeteria.timeZone)
  const width = Math.max(12, Math.min(20, Math.floor((size.columns - columns.length - 1) / columns.length)))
  const table = new Table({
    head: arranged.map(({ title, count }) => `${title} ${count}`),
    colWidths: columns.map(() => width),
    style: { head: ['bold'], border: ['grey'], compact: true },
  })
  const cell = (order: FeedOrder | undefined) => (order ? `${order.number}  ${clock(order.pickupAt)}` : '')
  const longest = Math.max(1, ...arranged.map(({ newest }) => newest.length))
  for (let row = 0; row < longest; row += 1) table.push(arranged.map(({ newest }) => cell(newest[row])))
  return `${headline(live)}\n${table.toString()}`
}
