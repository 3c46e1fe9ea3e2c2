import type { Generated, JSONColumnType } from 'kysely'

/** The log of what happened. The contracts of libs/events say which types there are, and what `data` holds. */
export interface EventsTable {
  id: Generated<number>
  xid: Generated<string>
  type: string
  cafeteriaId: string | null
  orderId: string | null
  /** The order's version after the event; null when it moved no order. */
  version: number | null
  actorId: string | null
  actorRole: 'customer' | 'staff' | 'manager' | 'admin' | 'system'
  reason: string | null
  /** The id of the request, and for one that is traced a space and its `traceparent`. */
  requestId: string | null
  data: JSONColumnType<object> | null
  at: Generated<string>
}

/** How far each consumer of the log has come, by (xid, id). */
export interface EventPositionsTable {
  consumer: string
  xid: string
  eventId: number
  ahead: Generated<number[]>
  updatedAt: Generated<string>
}

export interface FeedTable {
  cafeteriaId: string
  seq: number
  eventId: number
}

export interface FeedHeadsTable {
  cafeteriaId: string
  seq: number
  firstSeq: Generated<number>
}

/** A view. `event` and `order` are as the contracts of libs/events have them. */
export interface RelayedOrdersView {
  cafeteriaId: string
  seq: number
  eventId: number
  userId: string
  event: unknown
  order: unknown
  /** What leads on the trace of the request in which it happened; null when that was not traced. */
  traceparent: string | null
}
