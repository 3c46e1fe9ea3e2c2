export { FeedEntry } from './feed-entry.ts'
export { OrderEvent, OrderEventType } from './order-event.ts'
