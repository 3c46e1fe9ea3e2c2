import { type OrderStatus, orderStatuses } from '@comanda/ordering'
import { type Static, type TSchema, Type } from 'typebox'
import { appended, Cents, Currency, Exactly, Uuid } from './appended-event.ts'

/**
 * What the events hold in `data` with which an order begins. A wallet pays at that moment, so `order.placed` of such an
 * order stands for its captured payment too, and no event of the payment is appended.
 */
export const OpenedOrder = Exactly({
  totalCents: Cents,
  currency: Currency,
  paymentMethod: Type.Union([Type.Literal('wallet'), Type.Literal('card')]),
})

/** `order.` and the status that the order came to. */
function orderMove<S extends OrderStatus, Data extends TSchema>(status: S, data: Data) {
  return Exactly({
    ...appended,
    type: Type.Literal(`order.${status}` as const),
    cafeteriaId: Uuid,
    orderId: Uuid,
    version: Type.Integer({
      minimum: 1,
      description: 'The order’s version after the move; an order’s moves have no gaps',
    }),
    data,
  })
}

type LaterStatus = Exclude<OrderStatus, 'pending_payment' | 'placed'>
const isLater = (status: OrderStatus): status is LaterStatus =>
  status !== 'pending_payment' && status !== 'placed'

const opened = [orderMove('pending_payment', OpenedOrder), orderMove('placed', OpenedOrder)] as const
const moved = orderStatuses.filter(isLater).map((status) => orderMove(status, Type.Null()))

export const orderMoves = [...opened, ...moved]
export type OrderMove = Static<(typeof opened)[number]> | Static<(typeof moved)[number]>
