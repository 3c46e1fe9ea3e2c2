import { paymentsMetric } from '@comanda/payments'
import type { Metrics } from '@comanda/service'
import type { Order } from './orders.schema.ts'

/** The business metrics of orders. The worker counts their moves from the log, whoever makes them. */
export interface OrderMetrics {
  created: (order: Pick<Order, 'paymentMethod'>) => void
  /** To be called for a move that happened, not for the repetition of one. */
  moved: (order: Pick<Order, 'status' | 'placedAt' | 'readyAt'>) => void
}

const timeToReady = [60, 120, 180, 300, 450, 600, 900, 1200, 1800, 3600]

export function createOrderMetrics(metrics: Metrics): OrderMetrics {
  const created = metrics.counter({
    name: 'orders_created_total',
    help: 'Orders that were placed or wait for their payment',
    labels: ['payment_method'],
  })
  const ready = metrics.histogram({
    name: 'order_time_to_ready_seconds',
    help: 'From placed to ready',
    buckets: timeToReady,
  })
  const payments = metrics.counter(paymentsMetric)
  return {
    created({ paymentMethod }) {
      created.inc({ payment_method: paymentMethod })
      // A wallet payment is part of placing the order; a card payment is counted when its provider answers.
      if (paymentMethod === 'wallet') payments.inc({ provider: 'wallet', outcome: 'authorized' })
    },
    moved({ status, placedAt, readyAt }) {
      if (status === 'ready' && placedAt !== null && readyAt !== null) {
        ready.observe((Date.parse(readyAt) - Date.parse(placedAt)) / 1000)
      }
    },
  }
}
