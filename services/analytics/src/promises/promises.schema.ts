import { Type } from 'typebox'
import { Count, Seconds, Share } from '../periods/period.schema.ts'

export const PromisesNumbers = Type.Object(
  {
    ready: Count('Orders that became ready'),
    kept: Count('Those of them that were ready when promised, or before'),
    keptShare: Share('The share that these are'),
    averageLateSeconds: Seconds('How late the others were on average'),
    averageEarlySeconds: Seconds('How early those that kept their promise were on average'),
    meanErrorSeconds: Seconds('How late orders were on average; below 0, they were early'),
    p50ErrorSeconds: Seconds('How late half of them were at most, to 2.5%; below 0, they were early'),
    p90ErrorSeconds: Seconds('How late 90% of them were at most, to 2.5%; below 0, they were early'),
    naiveKept: Count(
      'How many would have been ready when promised by make times and the kitchen’s queue alone, without what was learnt',
    ),
    naiveKeptShare: Share('The share that these would have been'),
    naiveMeanErrorSeconds: Seconds(
      'How late orders would have been on average by such promises; below 0, early',
    ),
  },
  { $id: 'PromisesNumbers' },
)
