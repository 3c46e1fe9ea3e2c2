export { type CataloguePublisher, createCataloguePublisher } from './catalogue-publisher.ts'
export { createDashboardPublisher, type DashboardPublisher } from './dashboard-publisher.ts'
export {
  catalogueRelayEvent,
  createRelayAdapter,
  dashboardRelayEvent,
  type RelayServerEvents,
  relayEvent,
} from './relay-adapter.ts'
export { createRelayPublisher, type RelayPublisher } from './relay-publisher.ts'
export {
  type FeedSlice,
  listRelayedOrders,
  type RelayedOrder,
  relayEvents,
} from './relayed-orders.repository.ts'
