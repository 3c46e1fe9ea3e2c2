export { OrderEvent, OrderEventType } from './order-event.ts'
