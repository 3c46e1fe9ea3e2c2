import { callerOf, eventOrigin, refTo, type Service } from '@comanda/service'
import { orderPayload } from './order-payload.ts'
import { termsErrors } from './orders.errors.ts'
import { Order } from './orders.schema.ts'
import { NewOrder, PlaceOrderHeaders } from './place-order.schema.ts'
import { type PlaceOrderDependencies, placeOrder } from './place-order.service.ts'

export function placeOrderRoutes(app: Service, dependencies: PlaceOrderDependencies): void {
  app.post(
    '/v1/orders',
    {
      schema: {
        operationId: 'placeOrder',
        summary: 'Place an order: price it, hold stock and a place, and pay',
        description:
          'One call, all or nothing. A wallet pays at once; a card is authorised, and while its provider has not answered the order is `pending_payment`. After `payment_declined` the order in `orderId` waits a few minutes for another payment (`POST /v1/orders/{orderId}/payments`), and holds neither stock nor a place meanwhile. At most two orders of a customer may wait for payment. Opening hours and mealtimes are judged at the moment at which the food will be handed over: when the slot begins, or later, when it is made. What is refused because of the time (`cafeteria_closed`, `slot_closed`, `slot_too_soon`, `slot_full`, `no_slot_available`, `pickup_too_late`, `product_not_served`) says the `earliestPickupAt` that is possible, null when there is none. With a `quoteId` the order is promised for the time of the quote however much the kitchen has got to do since, unless that time has passed. The quote must be one of the customer’s about the same items and pick-up, is good for one order within two minutes, and holds no place: where its slot is full or over by now, ask for another one. An order whose card is declined has used its quote: it keeps the total, and is promised anew when it is paid. Refusals say more than their code: `price_changed` the new `totalCents`; `quote_expired` when it did, `expiredAt`; what is about one item its `line` (from 0) and `productId`, `product_unavailable` also the `availableQuantity`; `insufficient_balance` the `balanceCents`; `wallet_currency_differs` the `walletCurrency` and the cafeteria’s `currency`; `too_many_unpaid_orders` the `orderIds` that wait.',
        tags: ['orders'],
        headers: PlaceOrderHeaders,
        body: refTo(NewOrder),
        response: { 201: refTo(Order) },
      },
      config: {
        access: 'authenticated',
        // Every attempt with a card counts as a payment, or stolen cards would be tried here.
        furtherLimit: {
          name: 'payments',
          counts: ({ body }) => (body as NewOrder).payment.method === 'card',
        },
        answerHeaders: ['etag', 'location'],
        errors: [
          ...termsErrors,
          'price_changed',
          'quote_unknown',
          'quote_expired',
          'quote_differs',
          'too_many_unpaid_orders',
          'insufficient_balance',
          'wallet_currency_differs',
          'card_token_missing',
          'order_expired',
          'payment_declined',
          'payment_provider_unavailable',
          'idempotency_key_in_use',
          'idempotency_key_reused',
          'database_unavailable',
        ],
      },
    },
    async (request, reply) => {
      const answer = await placeOrder(dependencies, callerOf(request), request.body, {
        idempotencyKey: request.headers['idempotency-key'] ?? null,
        requestId: eventOrigin(request),
      })
      return orderPayload(reply.code(201).header('location', `/v1/orders/${answer.order.id}`), answer)
    },
  )
}
