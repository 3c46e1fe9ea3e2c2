import { refTo } from '@comanda/service'
import { LocalDate, Nullable } from '@comanda/service/values'
import { Type } from 'typebox'
import { Count } from '../periods/period.schema.ts'

const visits = {
  visits: Count('Customers who ordered, counted once a day: a visit is a customer and a day'),
  newCustomers: Count('Visits of customers who had never ordered here before'),
}

export const DayOfVisits = Type.Object({ date: LocalDate, ...visits }, { $id: 'DayOfVisits' })

export const VisitsNumbers = Type.Object({
  ...visits,
  ordersPerVisit: Nullable(Type.Number({ description: 'Placed orders of a visit on average' })),
  days: Type.Array(refTo(DayOfVisits), { description: 'Each day on which somebody came, in order' }),
})
