import { type OrderStatus, orderStatuses } from '@comanda/ordering'
import { type Static, Type } from 'typebox'

/** `order.` and the status that the order came to. */
export const OrderEventType = Type.Unsafe<`order.${OrderStatus}`>(
  Type.Union(
    orderStatuses.map((status) => Type.Literal(`order.${status}`)),
    { $id: 'OrderEventType' },
  ),
)

/** One thing that happened to an order, as clients see it. */
export const OrderEvent = Type.Object(
  {
    orderId: Type.String({ format: 'uuid' }),
    version: Type.Integer({
      minimum: 1,
      description: 'The version of the order after the event; an order’s events have no gaps',
    }),
    type: Type.Ref('OrderEventType'),
    actorRole: Type.Union(
      [
        Type.Literal('customer'),
        Type.Literal('staff'),
        Type.Literal('manager'),
        Type.Literal('admin'),
        Type.Literal('system'),
      ],
      { description: 'In which role it was done; `system` is a timer or a rule' },
    ),
    reason: Type.Union([Type.String(), Type.Null()]),
    at: Type.String({ format: 'date-time' }),
  },
  { $id: 'OrderEvent' },
)
export type OrderEvent = Static<typeof OrderEvent>
