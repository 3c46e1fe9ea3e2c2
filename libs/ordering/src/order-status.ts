/** Every status of an order. The database has a copy, and so have the sets below; a test of libs/database compares them. */
export const orderStatuses = [
  'pending_payment',
  'placed',
  'accepted',
  'rejected',
  'preparing',
  'ready',
  'collected',
  'uncollected',
  'expired',
  'cancelled',
] as const

export type OrderStatus = (typeof orderStatuses)[number]

type Statuses = readonly OrderStatus[]

const allBut = (statuses: Statuses): Statuses => orderStatuses.filter((status) => !statuses.includes(status))

/** The order is over and never reopens. */
export const closedStatuses: Statuses = ['rejected', 'collected', 'uncollected', 'expired', 'cancelled']

/** The order is not over yet; in the order in which it passes through them. */
export const openStatuses: Statuses = allBut(closedStatuses)

/** The kitchen has not begun: the customer may cancel, and whatever falls through gives its stock and its place back. */
export const unstartedStatuses: Statuses = ['pending_payment', 'placed', 'accepted']

/** The order came to nothing: what was paid goes back. */
export const fellThroughStatuses: Statuses = ['rejected', 'expired', 'cancelled']

/** The order counts as sold: it was paid or authorised, and its money stays. */
export const soldStatuses: Statuses = allBut(['pending_payment', ...fellThroughStatuses])
