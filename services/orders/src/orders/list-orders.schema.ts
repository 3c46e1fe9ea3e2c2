import { OrderEvent } from '@comanda/events'
import { orderStatuses } from '@comanda/ordering'
import { commaSeparated, listOf, listQuery, pageQuery, refTo } from '@comanda/service'
import { Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'
import { Order, OrderStatus, orderFields } from './orders.schema.ts'

export const ListOrders = Type.Object(
  {
    status: Type.Optional(
      commaSeparated(refTo(OrderStatus), {
        pattern: `^(${orderStatuses.join('|')})(,(${orderStatuses.join('|')}))*$`,
        description: 'One or more statuses',
      }),
    ),
    cafeteriaId: Type.Optional(Uuid),
    mine: Type.Optional(
      Type.Boolean({ description: 'For staff: their own orders instead of those of where they work' }),
    ),
    ...listQuery(orderFields),
  },
  { additionalProperties: false },
)
export type ListOrders = Static<typeof ListOrders>

/** All of an order or, with `fields`, some of it. */
export const OrderSummary = Type.Object(Type.Partial(Order).properties, { $id: 'OrderSummary' })
export const OrderList = listOf(refTo(OrderSummary), 'OrderList')

export const ListOrderEvents = Type.Object(
  {
    after: Type.Integer({
      minimum: 0,
      maximum: 2_147_483_647,
      default: 0,
      description: 'The last version that is known',
    }),
    ...pageQuery({ limit: 100 }),
  },
  { additionalProperties: false },
)
export type ListOrderEvents = Static<typeof ListOrderEvents>
export const OrderEventList = listOf(refTo(OrderEvent), 'OrderEventList')
