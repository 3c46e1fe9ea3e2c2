import type { Service } from '@comanda/service'
import { listOrderRoutes } from './list-orders.routes.ts'
import { moveOrderRoutes } from './move-order.routes.ts'
import { createOrderMetrics } from './order-metrics.ts'
import { orderSchemas } from './orders.schema.ts'
import { placeOrderRoutes } from './place-order.routes.ts'
import type { PlaceOrderDependencies } from './place-order.service.ts'

export async function orders(app: Service, options: Omit<PlaceOrderDependencies, 'metrics'>): Promise<void> {
  for (const schema of orderSchemas) app.addSchema(schema)
  const dependencies = { ...options, metrics: createOrderMetrics(app.meter) }
  placeOrderRoutes(app, dependencies)
  listOrderRoutes(app, dependencies)
  moveOrderRoutes(app, dependencies)
}
