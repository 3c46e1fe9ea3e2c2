import { type OrderStatus, orderStatuses } from '@comanda/database'
import { isTerminal, legalMoves, moves, timeouts } from '@comanda/ordering'
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

t.test('terminal statuses are those that nothing leaves', async (t) => {
  const terminal = orderStatuses.filter(isTerminal)
  t.same(terminal.toSorted(), ['cancelled', 'collected', 'expired', 'rejected', 'uncollected'])
  for (const { from } of Object.values(moves)) {
    for (const statuses of Object.values(from)) t.notOk(statuses?.some(isTerminal))
  }
  for (const status of Object.keys(timeouts)) t.notOk(isTerminal(status as OrderStatus))
})
