import type { Database } from '@comanda/database'
import {
  type AuthorizationOutcome,
  type AuthorizationRequest,
  type PaymentProvider,
  paymentsMetric,
  settleAuthorization,
  settleCapture,
  type TopUpDocument,
} from '@comanda/payments'
import type { Metrics } from '@comanda/service'
import type { AuthorizeOrder } from '../orders/authorize-order.ts'
import type { OrderChanges } from '../orders/order-changes.ts'
import type { Order } from '../orders/orders.schema.ts'

interface Origin {
  idempotencyKey: string | null
  requestId: string
}
type Card = Omit<AuthorizationRequest, 'signal'>

/**
 * Cards: asks the provider, outside of any transaction and within its deadline, then books the answer in one statement.
 * Whatever is lost in between (the answer, this process, the database) the worker finds out by the payment's key.
 */
export interface CardPayments {
  /** Takes new payments; as in `payments.provider`. */
  provider: string
  /** Returns the order as it is after the answer. */
  authorizeOrder: AuthorizeOrder
  /** Authorises and captures. Returns the top-up as far as it came, with the wallet's balance. */
  topUp: (request: Card & Origin) => Promise<TopUpDocument>
  /** Counts the outcome of a payment that came to it another way, and tells of it. Without an order for a top-up. */
  count: (
    provider: string,
    outcome: AuthorizationOutcome,
    order: Pick<Order, 'userId'> | null,
  ) => Promise<void>
}

export function createCardPayments(options: {
  database: Database
  orderChanges: OrderChanges
  provider: PaymentProvider
  timeoutSeconds: number
  metrics: Metrics
}): CardPayments {
  const { database, orderChanges, provider } = options
  const payments = options.metrics.counter(paymentsMetric)
  const deadline = () => AbortSignal.timeout(options.timeoutSeconds * 1000)

  async function moved(order: Pick<Order, 'userId'> | null) {
    if (order !== null) await orderChanges.changed(order.userId)
  }

  async function authorize<Subject extends Pick<Order, 'userId'>>({
    idempotencyKey,
    requestId,
    ...card
  }: Card & Origin) {
    const result = await provider.authorize({ ...card, signal: deadline() })
    payments.inc({ provider: provider.name, outcome: result.outcome })
    const settled = await settleAuthorization<Subject>(database.primary, card.paymentId, result, {
      idempotencyKey,
      requestId,
    })
    if (!settled) throw new Error(`payment ${card.paymentId} does not exist`)
    await moved(settled.order)
    return settled
  }

  return {
    provider: provider.name,
    async authorizeOrder(request) {
      const { order } = await authorize<Order>(request)
      if (!order) throw new Error(`payment ${request.paymentId} is not for an order`)
      return order
    },
    async topUp(request) {
      const { paymentId, amountCents, idempotencyKey } = request
      const { payment } = await authorize<Order>(request)
      if (payment.status !== 'capturing') return payment as TopUpDocument
      const result = await provider.capture({ paymentId, amountCents, signal: deadline() })
      const captured = await settleCapture(database.primary, paymentId, result, { idempotencyKey })
      return (captured?.payment ?? payment) as TopUpDocument
    },
    count(provider, outcome, order) {
      payments.inc({ provider, outcome })
      return moved(order)
    },
  }
}
