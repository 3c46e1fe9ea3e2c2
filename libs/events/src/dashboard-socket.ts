import { type OrderStatus, orderStatuses } from '@comanda/ordering'
import { type Static, Type } from 'typebox'

export const DashboardSubscription = Type.Object(
  { cafeteriaId: Type.String({ format: 'uuid' }) },
  { additionalProperties: false },
)
export type DashboardSubscription = Static<typeof DashboardSubscription>

const Count = Type.Integer({ minimum: 0 })

/** The orders that were created on one day of a cafeteria, at a glance. */
export const Dashboard = Type.Object(
  {
    date: Type.String({ format: 'date', description: 'Today where the cafeteria is' }),
    seq: Type.Integer({ minimum: 0, description: 'What the feed had come to: a higher one is newer' }),
    statuses: Type.Object(
      Object.fromEntries(orderStatuses.map((status) => [status, Count])) as Record<OrderStatus, typeof Count>,
      { description: 'How many orders are in each status now' },
    ),
    placedOrders: Type.Integer({
      minimum: 0,
      description: 'Those that were ever placed: paid, or authorised',
    }),
    collectedOrders: Count,
    revenueCents: Type.Integer({
      minimum: 0,
      description:
        'Totals of the placed orders but those rejected or cancelled, in minor units; refunds of others are not subtracted',
    }),
    currency: Type.String({ description: 'ISO 4217' }),
    averagePreparationSeconds: Type.Union([Type.Number({ minimum: 0 }), Type.Null()], {
      description: 'From the start of preparation to ready; null while no order is ready',
    }),
  },
  { $id: 'Dashboard' },
)
export type Dashboard = Static<typeof Dashboard>

export interface DashboardUpdated {
  cafeteriaId: string
  dashboard: Dashboard
}
