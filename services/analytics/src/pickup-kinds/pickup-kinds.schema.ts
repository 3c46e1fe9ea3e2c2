import { Type } from 'typebox'
import { Count, Share } from '../periods/period.schema.ts'

export const PickupKindsNumbers = Type.Object(
  {
    asap: Count('Placed orders that were wanted as soon as possible'),
    slot: Count('Placed orders for a slot that the customer chose'),
    asapShare: Share('The share of placed orders that were wanted as soon as possible'),
  },
  { $id: 'PickupKindsNumbers' },
)
