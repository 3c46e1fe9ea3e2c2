export { FeedEntry } from './feed-entry.ts'
export { OrderEvent, OrderEventType } from './order-event.ts'
export { FeedNewest, LiveOrder, OrderMessage } from './order-message.ts'
export {
  type Acknowledge,
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
