import type { Service } from '@comanda/service'
import { listOrderRoutes } from './list-orders.routes.ts'
import { moveOrderRoutes } from './move-order.routes.ts'
import { orderSchemas } from './orders.schema.ts'
import { placeOrderRoutes } from './place-order.routes.ts'
import type { PlaceOrderDependencies } from './place-order.service.ts'

export async function orders(app: Service, dependencies: PlaceOrderDependencies): Promise<void> {
  for (const schema of orderSchemas) app.addSchema(schema)
  placeOrderRoutes(app, dependencies)
  listOrderRoutes(app, dependencies)
  moveOrderRoutes(app, dependencies)
}
