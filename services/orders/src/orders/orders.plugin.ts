import { OrderEvent, OrderEventType } from '@comanda/events'
import type { Service } from '@comanda/service'
import { listOrderRoutes } from './list-orders.routes.ts'
import { OrderEventList, OrderList, OrderSummary } from './list-orders.schema.ts'
import { moveOrderRoutes } from './move-order.routes.ts'
import { CancelOrder, CollectOrder, RejectOrder } from './move-order.schema.ts'
import { createOrderMetrics } from './order-metrics.ts'
import { Order, OrderItem, OrderPayment, OrderStatus } from './orders.schema.ts'
import { PaymentMethod } from './payment-method.ts'
import { PaymentStatus } from './payment-status.ts'
import { placeOrderRoutes } from './place-order.routes.ts'
import { newOrderSchemas } from './place-order.schema.ts'
import type { PlaceOrderDependencies } from './place-order.service.ts'

const schemas = [
  OrderStatus,
  PaymentMethod,
  PaymentStatus,
  OrderItem,
  OrderPayment,
  Order,
  OrderSummary,
  OrderList,
  ...newOrderSchemas,
  RejectOrder,
  CancelOrder,
  CollectOrder,
  OrderEventType,
  OrderEvent,
  OrderEventList,
]

export async function orders(app: Service, options: Omit<PlaceOrderDependencies, 'metrics'>): Promise<void> {
  for (const schema of schemas) app.addSchema(schema)
  const dependencies = { ...options, metrics: createOrderMetrics(app.meter) }
  placeOrderRoutes(app, dependencies)
  listOrderRoutes(app, dependencies)
  moveOrderRoutes(app, dependencies)
}
