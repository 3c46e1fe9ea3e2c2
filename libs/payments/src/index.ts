export {
  type BalanceProblem,
  checkBalancesAfter,
} from './balances.repository.ts'
export { type PaymentConfig, paymentConfig } from './config.ts'
export { createPaymentProviders, type PaymentProviders, paymentProviders } from './payment-providers.ts'
export { webhookErrors } from './payments.errors.ts'
export { paymentsMetric } from './payments-metric.ts'
export type {
  ActionResult,
  AuthorizationOutcome,
  AuthorizationRequest,
  AuthorizationResult,
  PaymentProvider,
  ProviderEvent,
  RefundRequest,
} from './provider.ts'
export {
  type PaidOrder,
  type PaymentDocument,
  postpone,
  type ReceivedEvent,
  receiveProviderEvent,
  type SettledAuthorization,
  settleAuthorization,
  settleCapture,
  settleRefund,
  settleVoid,
  type TopUpDocument,
} from './settlement.repository.ts'
