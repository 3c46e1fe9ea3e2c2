import { sql } from 'kysely'
import { customersNumbers } from '../customers/customers.queries.ts'
import { overviewNumbers } from '../overview/overview.queries.ts'
import { type Numbers, wholeRow } from '../periods/numbers.ts'
import { pickupKindsNumbers } from '../pickup-kinds/pickup-kinds.queries.ts'
import { productsNumbers } from '../products/products.queries.ts'
import { statusesNumbers } from '../statuses/statuses.queries.ts'
import { hoursNumbers } from '../timeline/timeline.queries.ts'

const topProducts = 10

export const dashboardNumbers: Numbers = sql`
  select overview.*, (${hoursNumbers}) as hours, (${statusesNumbers}) as statuses, (${productsNumbers(topProducts)}) as products,
    ${wholeRow(customersNumbers)} as customers, ${wholeRow(pickupKindsNumbers)} as pickup_kinds
  from (${overviewNumbers}) overview`
