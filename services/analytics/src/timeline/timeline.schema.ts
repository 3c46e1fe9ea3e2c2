import { refTo } from '@comanda/service'
import { Instant } from '@comanda/service/values'
import { type Static, Type } from 'typebox'
import { Cents, Count, periodQuery, Seconds } from '../periods/period.schema.ts'

/** The most days that are shown hour by hour. */
export const mostDaysByHour = 31

export const TimelineQuery = Type.Object(
  {
    ...periodQuery,
    bucket: Type.Union(
      [Type.Literal('hour'), Type.Literal('day'), Type.Literal('week'), Type.Literal('month')],
      {
        default: 'day',
        description: `\`hour\` is for at most ${mostDaysByHour} days. A \`week\` begins on Monday`,
      },
    ),
  },
  { additionalProperties: false },
)
export type TimelineQuery = Static<typeof TimelineQuery>

export const Bucket = Type.Object(
  {
    start: { ...Instant, description: 'The moment at which it begins' },
    // A week or a period that is compared may begin before the first day that may be asked for.
    date: Type.String({ format: 'date', description: 'Its first day, or the day that its hour belongs to' }),
    placed: Count('Orders that were placed: paid, or authorised'),
    items: Count('Units in placed orders'),
    rejected: Count('Placed orders that were rejected'),
    cancelled: Count('Placed orders that were cancelled'),
    grossCents: Cents('What placed orders came to'),
    lostCents: Cents('What rejected and cancelled orders came to'),
    salesCents: Cents('What is left of the first without the second'),
    ready: Count('Orders that became ready'),
    averageMakeSeconds: Seconds('How long their preparation took on average'),
    collected: Count('Orders that were collected'),
  },
  { $id: 'TimelineBucket' },
)

export const Buckets = Type.Array(refTo(Bucket), {
  description:
    'In order of time, also those in which nothing happened, without those to come. An hour that clocks show twice is two of them; the first and the last week or month hold only days that are asked for',
})

export const TimelineNumbers = Type.Object({ buckets: Buckets })
