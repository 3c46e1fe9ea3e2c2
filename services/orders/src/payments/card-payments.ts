import type { Database } from '@comanda/database'
import type { CatalogueChanges } from '@comanda/events/catalogue'
import {
  type AuthorizationOutcome,
  type AuthorizationRequest,
  type PaidOrder,
  type PaymentProvider,
  paymentsMetric,
  settleAuthorization,
  settleCapture,
  type TopUpDocument,
} from '@comanda/payments'
import type { Metrics } from '@comanda/service'
import type { AuthorizeOrder } from '../orders/authorize-order.ts'
import type { OrderChanges } from '../orders/order-changes.ts'

/** The request that asks for a payment, and its idempotency key. */
export interface CallOrigin {
  idempotencyKey: string | null
  requestId: string
}
type CardCharge = Omit<AuthorizationRequest, 'signal'>

/**
 * Takes payments by card: asks the provider, outside of any transaction and within a deadline, then books the answer in one statement.
 * If anything is lost in between (the answer, this process, the database), the worker finds out the outcome by the payment's key.
 */
export interface CardPayments {
  /** The provider of new payments, as in `payments.provider`. */
  provider: string
  /** Authorises the payment of an order. Returns the order as it is after the answer, in the JSON that the API answers. */
  authorizeOrder: AuthorizeOrder
  /** Authorises and captures a top-up. Returns it in the state that it reached, with the wallet's balance. */
  topUp: (request: CardCharge & CallOrigin) => Promise<TopUpDocument>
  /** Counts the outcome of a payment that a webhook has settled, and publishes the change of its order; a top-up has none. */
  count: (provider: string, outcome: AuthorizationOutcome, order: PaidOrder | null) => Promise<void>
  /** Publishes what the start of a payment did to its order, after the commit. */
  moved: (order: PaidOrder | null) => Promise<void>
}

export function createCardPayments(options: {
  database: Database
  changes: Pick<CatalogueChanges, 'stockChanged'>
  orderChanges: OrderChanges
  provider: PaymentProvider
  timeoutSeconds: number
  metrics: Metrics
}): CardPayments {
  const { database, changes, orderChanges, provider } = options
  const payments = options.metrics.counter(paymentsMetric)
  const deadline = () => AbortSignal.timeout(options.timeoutSeconds * 1000)

  async function moved(order: PaidOrder | null) {
    if (order === null) return
    await Promise.all([
      orderChanges.changed(order.userId),
      changes.stockChanged(order.cafeteriaId, order.stockChange),
    ])
  }

  async function authorize({ idempotencyKey, requestId, ...card }: CardCharge & CallOrigin) {
    const result = await provider.authorize({ ...card, signal: deadline() })
    payments.inc({ provider: provider.name, outcome: result.outcome })
    const settled = await settleAuthorization(database.primary, card.paymentId, result, {
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
      const { order } = await authorize(request)
      if (!order) throw new Error(`payment ${request.paymentId} is not for an order`)
      return order.json
    },
    async topUp(request) {
      const { paymentId, amountCents, idempotencyKey } = request
      const { payment } = await authorize(request)
      if (payment.status !== 'capturing') return payment as TopUpDocument
      const result = await provider.capture({ paymentId, amountCents, signal: deadline() })
      const captured = await settleCapture(database.primary, paymentId, result, { idempotencyKey })
      return (captured?.payment ?? payment) as TopUpDocument
    },
    moved,
    count(provider, outcome, order) {
      payments.inc({ provider, outcome })
      return moved(order)
    },
  }
}
