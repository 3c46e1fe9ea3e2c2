/** Payments that came to an outcome, by provider: the issuer's `declined` apart from `failed`, which is ours. */
export const paymentsMetric = {
  name: 'payments_total',
  help: 'Payments and top-ups by provider and outcome',
  labels: ['provider', 'outcome'],
} as const
