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
  pickupKind: Type.Union([Type.Literal('asap'), Type.Literal('slot')], {
    description: 'Wanted as soon as possible, or in a slot that the customer chose',
  }),
})

const Moment = (description: string) => Type.String({ format: 'date-time', description })
const Seconds = (description: string) => Type.Integer({ minimum: 0, description })

/** What `order.ready` holds in `data`. Without `estimatedAt` and so on, the promise was the beginning of the slot. */
export const ReadyOrder = Exactly({
  promisedAt: Moment('The promise that stood when the order became ready'),
  estimatedAt: Type.Optional(Moment('When it was promised, from the kitchen’s queue of that moment')),
  waitSeconds: Type.Optional(Seconds('The queue, shared among the cooks')),
  naiveSeconds: Type.Optional(
    Seconds('The queue and the make time of the order: the estimate without anything learnt'),
  ),
  naiveAt: Type.Optional(Moment('What that estimate would have promised')),
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

type OtherStatus = Exclude<OrderStatus, 'pending_payment' | 'placed' | 'ready'>
const isOther = (status: OrderStatus): status is OtherStatus =>
  status !== 'pending_payment' && status !== 'placed' && status !== 'ready'

const opened = [orderMove('pending_payment', OpenedOrder), orderMove('placed', OpenedOrder)] as const
const ready = orderMove('ready', ReadyOrder)
const moved = orderStatuses.filter(isOther).map((status) => orderMove(status, Type.Null()))

export const orderMoves = [...opened, ready, ...moved]
export type OrderMove =
  | Static<(typeof opened)[number]>
  | Static<typeof ready>
  | Static<(typeof moved)[number]>
