import { Type } from 'typebox'
import { Count, Share } from '../periods/period.schema.ts'

export const CustomersNumbers = Type.Object(
  {
    newCustomers: Count('Customers who placed their first order here'),
    returningVisits: Count('Visits of those who had ordered here before, counted once a day'),
    returningShare: Share('The share of all visits that these are'),
  },
  { $id: 'CustomersNumbers' },
)
