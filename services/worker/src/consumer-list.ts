import type { RelayPublisher } from '@comanda/events/relay'
import type { Logger, Metrics, Tracing } from '@comanda/service'
import { businessLogConsumer } from './business-log/business-log.consumer.ts'
import type { Consumer } from './consumers/consumer.ts'
import { feedConsumer } from './feed/feed.consumer.ts'
import { orderMetricsConsumer } from './order-metrics/order-metrics.consumer.ts'
import { promisesConsumer } from './promises/promises.consumer.ts'
import type { DashboardChanges } from './rollups/dashboard-changes.ts'
import { rollupsConsumer } from './rollups/rollups.consumer.ts'

export interface ConsumerDependencies {
  log: Logger
  metrics: Metrics
  relay: Pick<RelayPublisher, 'publish'>
  dashboards: Pick<DashboardChanges, 'changed'>
  tracing?: Tracing | undefined
}

/** Lists every consumer of the event log. */
export function listConsumers({
  log,
  metrics,
  relay,
  dashboards,
  tracing,
}: ConsumerDependencies): Consumer[] {
  return [
    feedConsumer({ metrics, relay, tracing }),
    businessLogConsumer({ log }),
    orderMetricsConsumer({ metrics }),
    promisesConsumer(),
    rollupsConsumer({ dashboards }),
  ]
}
