import { listOf, pageQuery, refTo } from '@comanda/service'
import { Instant, Nullable, Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'
import { Order, PickupCode } from '../orders/orders.schema.ts'

const { properties } = Order

/** What a list on a phone shows of an order. The payment is left out, because it changes without the order. */
export const OrderGist = Type.Object(
  {
    id: properties.id,
    number: properties.number,
    status: properties.status,
    version: properties.version,
    cafeteriaId: properties.cafeteriaId,
    items: properties.items,
    totalCents: properties.totalCents,
    currency: properties.currency,
    pickupAt: properties.pickupAt,
    pickupUntil: properties.pickupUntil,
    promisedAt: properties.promisedAt,
    pickupCode: PickupCode,
    createdAt: properties.createdAt,
    updatedAt: properties.updatedAt,
  },
  { $id: 'OrderGist' },
)
export type OrderGist = Static<typeof OrderGist>
export const gistFields = Object.keys(OrderGist.properties) as (keyof OrderGist)[]

export const RecentOrder = Type.Object(
  {
    ...OrderGist.properties,
    unavailableProductIds: Type.Array(Uuid, {
      description:
        'The products of its lines that cannot be ordered again, because they are sold out or no longer sold',
    }),
  },
  { $id: 'RecentOrder' },
)
export type RecentOrder = Static<typeof RecentOrder>

export const recentOrderFields = Object.keys(RecentOrder.properties) as (keyof RecentOrder)[]

export const RecentOrders = listOf(refTo(RecentOrder), 'RecentOrders')

export const ListRecentOrders = Type.Object(pageQuery({ limit: 10 }), { additionalProperties: false })
export type ListRecentOrders = Static<typeof ListRecentOrders>

const Spending = Type.Object({
  currency: Type.String({ description: 'ISO 4217' }),
  orders: Type.Integer({ minimum: 1 }),
  totalCents: Type.Integer({
    minimum: 0,
    description: 'Minor units of `currency`; refunds are not taken off',
  }),
})

const Favourite = Type.Object({
  productId: Uuid,
  cafeteriaId: Uuid,
  name: Type.String({ description: 'As it was when it was ordered last' }),
  available: Type.Boolean({
    description: 'Whether it can be ordered again: it is still sold, and not sold out',
  }),
  quantity: Type.Integer({ minimum: 1, description: 'How many, in the last 100 orders' }),
  lastOrderedAt: Instant,
})

export const CustomerSummary = Type.Object(
  {
    activeOrders: Type.Array(refTo(OrderGist), {
      maxItems: 20,
      description: 'Not collected yet, by the time of pick-up',
    }),
    placedOrders: Type.Integer({
      minimum: 0,
      description: 'All that came to the kitchen, whatever became of them',
    }),
    lastPlacedAt: Nullable(Instant),
    spending: Type.Array(Spending, {
      description: 'By currency: orders that were not rejected or cancelled',
    }),
    favourites: Type.Array(Favourite, { maxItems: 5, description: 'Most ordered first' }),
  },
  { $id: 'CustomerSummary' },
)
export type CustomerSummary = Static<typeof CustomerSummary>

export const customerSchemas = [OrderGist, RecentOrder, RecentOrders, CustomerSummary]
