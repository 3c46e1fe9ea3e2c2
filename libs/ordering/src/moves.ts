import { type OrderStatus, openStatuses, unstartedStatuses } from './order-status.ts'

/** In which capacity somebody acts on an order. */
export type Party = 'customer' | 'staff'

export type MoveName = 'accept' | 'reject' | 'start' | 'ready' | 'recall' | 'collect' | 'cancel'

interface Move {
  to: OrderStatus
  /** The statuses from which each party may make the move; a party that is missing never may. */
  from: Partial<Record<Party, readonly OrderStatus[]>>
}

/** Everything that people may do to an order. What time does is in `timeouts`; payment moves `pending_payment` to `placed`. */
export const moves: Readonly<Record<MoveName, Move>> = {
  accept: { to: 'accepted', from: { staff: ['placed'] } },
  reject: { to: 'rejected', from: { staff: ['placed'] } },
  start: { to: 'preparing', from: { staff: ['accepted'] } },
  ready: { to: 'ready', from: { staff: ['preparing'] } },
  // A recall is legal only for a while after `ready`: the database compares with the cafeteria's recall time.
  recall: { to: 'preparing', from: { staff: ['ready'] } },
  collect: { to: 'collected', from: { staff: ['ready'] } },
  cancel: {
    to: 'cancelled',
    from: { customer: unstartedStatuses, staff: openStatuses },
  },
}

/** The status that an order comes to when its deadline passes, by the status that it is in. */
export const timeouts: Readonly<Partial<Record<OrderStatus, OrderStatus>>> = {
  pending_payment: 'expired',
  placed: 'rejected',
  ready: 'uncollected',
}

/** The moves that a party may make from a status, in no particular order; empty for a closed status. */
export function legalMoves(status: OrderStatus, party: Party): MoveName[] {
  return (Object.keys(moves) as MoveName[]).filter((name) => moves[name].from[party]?.includes(status))
}
