import {
  closedStatuses,
  fellThroughStatuses,
  legalMoves,
  moves,
  type OrderStatus,
  openStatuses,
  orderStatuses,
  soldStatuses,
  timeouts,
  unstartedStatuses,
} from '@comanda/ordering'
import t from 'tap'

const table: Record<OrderStatus, { staff: string[]; customer: string[] }> = {
  pending_payment: { staff: ['cancel'], customer: ['cancel'] },
  placed: { staff: ['accept', 'reject', 'cancel'], customer: ['cancel'] },
  accepted: { staff: ['start', 'cancel'], customer: ['cancel'] },
  preparing: { staff: ['ready', 'cancel'], customer: [] },
  ready: { staff: ['recall', 'collect', 'cancel'], customer: [] },
  rejected: { staff: [], customer: [] },
  collected: { staff: [], customer: [] },
  uncollected: { staff: [], customer: [] },
  expired: { staff: [], customer: [] },
  cancelled: { staff: [], customer: [] },
}

t.test('each status allows each party exactly these moves', async (t) => {
  for (const status of orderStatuses) {
    t.same(legalMoves(status, 'staff').toSorted(), table[status].staff.toSorted(), `staff, ${status}`)
    t.same(
      legalMoves(status, 'customer').toSorted(),
      table[status].customer.toSorted(),
      `customer, ${status}`,
    )
  }
})

t.test('closed are the statuses that neither a person nor time leaves', async (t) => {
  const left = new Set([
    ...Object.keys(timeouts),
    ...Object.values(moves).flatMap(({ from }) => Object.values(from).flat()),
  ])
  t.same(
    closedStatuses,
    orderStatuses.filter((status) => !left.has(status)),
  )
  t.same(
    openStatuses,
    orderStatuses.filter((status) => left.has(status)),
  )
})

t.test('what falls through is closed, and what the kitchen has not begun is open', async (t) => {
  t.ok(fellThroughStatuses.every((status) => closedStatuses.includes(status)))
  t.ok(unstartedStatuses.every((status) => openStatuses.includes(status)))
  t.same(soldStatuses, ['placed', 'accepted', 'preparing', 'ready', 'collected', 'uncollected'])
})
