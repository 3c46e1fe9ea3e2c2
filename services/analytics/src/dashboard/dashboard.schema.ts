import { refTo } from '@comanda/service'
import { Type } from 'typebox'
import { CustomersNumbers } from '../customers/customers.schema.ts'
import { OverviewNumbers } from '../overview/overview.schema.ts'
import { comparedQuery } from '../periods/period.schema.ts'
import { PickupKindsNumbers } from '../pickup-kinds/pickup-kinds.schema.ts'
import { ProductsNumbers } from '../products/products.schema.ts'
import { StatusesNumbers } from '../statuses/statuses.schema.ts'
import { Buckets } from '../timeline/timeline.schema.ts'

export const DashboardQuery = Type.Object(comparedQuery, { additionalProperties: false })

export const DashboardNumbers = Type.Object({
  ...OverviewNumbers.properties,
  hours: Buckets,
  statuses: StatusesNumbers.properties.statuses,
  products: ProductsNumbers.properties.products,
  customers: refTo(CustomersNumbers),
  pickupKinds: refTo(PickupKindsNumbers),
})
