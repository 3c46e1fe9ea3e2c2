import { type OrderStatus, orderStatuses } from '@comanda/ordering'
import { type Static, Type } from 'typebox'
import type { Acknowledge, ClosingServerEvents } from './order-socket.ts'

/** The namespace of sockets that follow dashboards. */
export const dashboardNamespace = '/dashboard'

export const DashboardSubscription = Type.Object(
  { cafeteriaId: Type.String({ format: 'uuid' }) },
  { additionalProperties: false },
)
export type DashboardSubscription = Static<typeof DashboardSubscription>

/** The counts of a day, by the names that they have in the `summary` of a dashboard over REST. */
const counts = [
  'placed',
  'items',
  'rejected',
  'cancelled',
  'abandoned',
  'expired',
  'ready',
  'collected',
  'uncollected',
  'grossCents',
  'lostCents',
  'salesCents',
  'visits',
  'newCustomers',
] as const
const Whole = Type.Integer()

/**
 * The members of a cafeteria's dashboard that change from one second to the next, as they are now. The values are absolute, so a message
 * that is lost is made up for by the next one. Everything else of the dashboard is read over REST.
 */
export const DashboardChange = Type.Object(
  {
    cafeteriaId: Type.String({ format: 'uuid' }),
    day: Type.String({ format: 'date', description: 'Today where the cafeteria is' }),
    number: Type.Integer({
      minimum: 0,
      description:
        'Grows with what is counted: a change with a lower number than one that came before is older',
    }),
    asOf: Type.String({
      format: 'date-time',
      description: 'Everything that was committed by then is counted, and perhaps more',
    }),
    summary: Type.Object(
      {
        ...(Object.fromEntries(counts.map((name) => [name, Whole])) as Record<
          (typeof counts)[number],
          typeof Whole
        >),
        averageOrderCents: Type.Union([Whole, Type.Null()]),
      },
      { description: 'The `summary` of `GET /v1/analytics/cafeterias/{id}/dashboard`' },
    ),
    statuses: Type.Array(
      Type.Object({
        status: Type.Unsafe<OrderStatus>(Type.Union(orderStatuses.map((status) => Type.Literal(status)))),
        orders: Whole,
      }),
      { description: 'Its `statuses`: every status, and how many orders of the day are in it now' },
    ),
  },
  { $id: 'DashboardChange' },
)
export type DashboardChange = Static<typeof DashboardChange>

/** The events that a client may send. Each is acknowledged. */
export interface DashboardClientEvents {
  /**
   * Only managers of the cafeteria may subscribe. Nothing is missed by a client that reads the dashboard over REST after the
   * acknowledgement, and merges the changes that arrive from then on into it.
   */
  'dashboard:subscribe': (wish: DashboardSubscription, acknowledge: Acknowledge) => void
  'dashboard:unsubscribe': (wish: DashboardSubscription, acknowledge: Acknowledge) => void
}

/** The events that a client receives: at most one change a second of each cafeteria whose dashboard it follows. */
export interface DashboardServerEvents extends ClosingServerEvents {
  'dashboard:updated': (change: DashboardChange) => void
}
