import type { Database } from '@comanda/database'
import type { Service } from '@comanda/service'
import { registerPeriod } from '../periods/register-period.ts'
import { productsNumbers } from './products.queries.ts'
import { ProductSold, ProductsNumbers, ProductsQuery } from './products.schema.ts'

export function products(app: Service, dependencies: { database: Database }): void {
  registerPeriod(app, dependencies, {
    path: 'products',
    operationId: 'getProductsSold',
    summary: 'What was ordered most',
    answer: 'ProductsSold',
    schemas: [ProductSold],
    numbers: ProductsNumbers,
    querystring: ProductsQuery,
    select: ({ limit }) => productsNumbers(limit),
  })
}
