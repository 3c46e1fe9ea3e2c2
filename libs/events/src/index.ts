export { cacheTags } from './cache-tags.ts'
export {
  CatalogueChanged,
  type CatalogueClientEvents,
  type CatalogueServerEvents,
  type CatalogueSubscribed,
  CatalogueSubscription,
  catalogueNamespace,
} from './catalogue-socket.ts'
export {
  DashboardChange,
  type DashboardClientEvents,
  type DashboardServerEvents,
  DashboardSubscription,
  dashboardNamespace,
} from './dashboard-socket.ts'
export { FeedEntry } from './feed-entry.ts'
export { OrderEvent, OrderEventType } from './order-event.ts'
export { FeedNewest, LiveOrder, OrderMessage } from './order-message.ts'
export {
  type Acknowledge,
  type ClosingServerEvents,
  type FeedSubscribed,
  FeedSubscription,
  FeedUnsubscription,
  type OrderClientEvents,
  type OrderServerEvents,
  type OrderSubscribed,
  OrderSubscription,
  ordersNamespace,
  type Refused,
} from './order-socket.ts'
