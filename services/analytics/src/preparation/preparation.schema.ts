import { Type } from 'typebox'
import { Count, Seconds } from '../periods/period.schema.ts'

export const PreparationNumbers = Type.Object(
  {
    ready: Count('Orders that became ready'),
    averageSeconds: Seconds('From the start of their preparation to ready, on average'),
    p50Seconds: Seconds('The time within which half of them were made, to 2.5%'),
    p90Seconds: Seconds('The time within which 90% of them were made, to 2.5%'),
    p99Seconds: Seconds('The time within which 99% of them were made, to 2.5%'),
  },
  { $id: 'PreparationNumbers' },
)
