import { orderStatuses } from '@comanda/ordering'
import { refTo } from '@comanda/service'
import { OneOf } from '@comanda/service/values'
import { Type } from 'typebox'
import { Count } from '../periods/period.schema.ts'

export const StatusCount = Type.Object(
  {
    status: OneOf(orderStatuses),
    orders: Count('Orders of these days that are in it now'),
  },
  { $id: 'StatusCount' },
)

export const StatusesNumbers = Type.Object({
  statuses: Type.Array(refTo(StatusCount), {
    description: 'Every status, in the order in which an order passes through them',
  }),
})
