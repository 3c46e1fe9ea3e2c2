import { Nullable } from '@comanda/service/values'
import { Type } from 'typebox'
import { Cents, Count } from '../periods/period.schema.ts'

export const SummaryNumbers = Type.Object(
  {
    placed: Count('Orders that were placed: paid, or authorised'),
    items: Count('Units in placed orders'),
    rejected: Count('Placed orders that were rejected, by staff or because nobody answered'),
    cancelled: Count('Placed orders that were cancelled'),
    abandoned: Count('Orders that were cancelled before they were paid'),
    expired: Count('Orders that were not paid in time'),
    ready: Count('Orders that became ready'),
    collected: Count('Orders that were collected'),
    uncollected: Count('Ready orders that nobody collected in time'),
    grossCents: Cents('What placed orders came to'),
    lostCents: Cents('What rejected and cancelled orders came to, on the day on which they were lost'),
    salesCents: Cents('What is left of the first without the second'),
    averageOrderCents: Nullable(
      Type.Integer({ description: 'What a placed order came to on average, in minor units' }),
    ),
    visits: Count('Customers of each day, added: who comes on two days has come twice'),
    newCustomers: Count('Customers who had never ordered here before'),
  },
  { $id: 'SalesSummaryNumbers' },
)
