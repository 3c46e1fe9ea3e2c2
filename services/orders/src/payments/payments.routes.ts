import { callerOf, eventOrigin, refTo, type Service } from '@comanda/service'
import { ConsistencyHeaders, readOptions } from '../consistency/consistency.schema.ts'
import { orderPayload } from '../orders/order-payload.ts'
import { Order } from '../orders/orders.schema.ts'
import {
  IdempotencyHeaders,
  ListPayments,
  PaymentList,
  PaymentOrderParams,
  PaymentParams,
  PayOrder,
  Refund,
  RequestRefund,
} from './payments.schema.ts'
import { listPayments, type PaymentsDependencies, payOrder, refundPayment } from './payments.service.ts'

const repeatErrors = ['idempotency_key_in_use', 'idempotency_key_reused', 'database_unavailable']

export function paymentRoutes(app: Service, dependencies: PaymentsDependencies): void {
  app.post(
    '/v1/orders/:orderId/payments',
    {
      schema: {
        operationId: 'payOrder',
        summary: 'Try again to pay an order that waits for payment',
        description:
          'Within the few minutes in which it may be paid (`deadlineAt`), by card or wallet. An order whose card was declined holds nothing until it is paid again, so this may find that a product has sold out (`product_unavailable`) or the slot is full (`slot_full`). It is promised anew, for what the kitchen has to do when this payment begins. While the provider has not decided, the order stays `pending_payment`.',
        tags: ['payments'],
        params: PaymentOrderParams,
        headers: IdempotencyHeaders,
        body: refTo(PayOrder),
        response: { 201: refTo(Order) },
      },
      config: {
        access: 'authenticated',
        answerHeaders: ['etag'],
        limit: 'payments',
        errors: [
          'order_not_found',
          'order_already_paid',
          'order_not_payable',
          'payment_in_progress',
          'insufficient_balance',
          'wallet_currency_differs',
          'payment_declined',
          'payment_provider_unavailable',
          'product_unavailable',
          'product_not_served',
          'order_expired',
          'slot_closed',
          'slot_too_soon',
          'slot_full',
          ...repeatErrors,
        ],
      },
    },
    async (request, reply) => {
      const answer = await payOrder(dependencies, callerOf(request), request.params.orderId, request.body, {
        idempotencyKey: request.headers['idempotency-key'] ?? null,
        requestId: eventOrigin(request),
      })
      return orderPayload(reply.code(201), answer)
    },
  )

  app.get(
    '/v1/orders/:orderId/payments',
    {
      schema: {
        operationId: 'listOrderPayments',
        summary: 'The attempts to pay an order, newest first',
        tags: ['payments'],
        params: PaymentOrderParams,
        querystring: ListPayments,
        headers: ConsistencyHeaders,
        response: { 200: refTo(PaymentList) },
      },
      config: {
        access: 'authenticated',
        errors: ['order_not_found', 'invalid_cursor', 'database_unavailable'],
      },
    },
    (request) =>
      listPayments(
        dependencies,
        callerOf(request),
        { ...request.params, ...request.query },
        readOptions(request),
      ),
  )

  app.post(
    '/v1/payments/:paymentId/refunds',
    {
      schema: {
        operationId: 'refundPayment',
        summary: 'Give a part of a payment back, or all that is left of it',
        description:
          'By amount, or by line: what so many pieces of a line cost, never more than were bought. For staff and managers of the order’s cafeteria.',
        tags: ['payments'],
        params: PaymentParams,
        headers: IdempotencyHeaders,
        body: refTo(RequestRefund),
        response: { 201: refTo(Refund) },
      },
      config: {
        access: 'staff',
        errors: [
          'payment_not_found',
          'payment_not_refundable',
          'refund_exceeds_payment',
          'refund_exceeds_line',
          'refund_amounts_to_nothing',
          'order_item_unknown',
          'refund_ambiguous',
          ...repeatErrors,
        ],
      },
    },
    async (request, reply) => {
      reply.code(201)
      return refundPayment(dependencies, callerOf(request), request.params.paymentId, request.body, {
        idempotencyKey: request.headers['idempotency-key'] ?? null,
        requestId: request.id,
      })
    },
  )
}
