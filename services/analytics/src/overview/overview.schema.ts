import { commaSeparated, refTo } from '@comanda/service'
import { Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'
import { PaymentsNumbers } from '../payments/payments.schema.ts'
import { AsOf, aboutCafeteria, comparedDays, comparedQuery } from '../periods/period.schema.ts'
import { PreparationNumbers } from '../preparation/preparation.schema.ts'
import { PromisesNumbers } from '../promises/promises.schema.ts'
import { SummaryNumbers } from '../summary/summary.schema.ts'

/** The most cafeterias that one question names. */
const mostCafeterias = 100
const id = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'

export const OverviewQuery = Type.Object(
  {
    cafeteriaIds: Type.Optional(
      commaSeparated(Uuid, {
        maxLength: 37 * mostCafeterias - 1,
        pattern: `^${id}(,${id})*$`,
        description: `At most ${mostCafeterias} of them; all that the caller manages unless given`,
      }),
    ),
    ...comparedQuery,
  },
  { additionalProperties: false },
)
export type OverviewQuery = Static<typeof OverviewQuery>

export const OverviewNumbers = Type.Object({
  summary: refTo(SummaryNumbers),
  preparation: refTo(PreparationNumbers),
  promises: refTo(PromisesNumbers),
  payments: refTo(PaymentsNumbers),
})

const compared = comparedDays(OverviewNumbers, 'OverviewDays')

export const CafeteriaOverview = Type.Object(
  { ...aboutCafeteria, name: Type.String(), ...compared.members },
  { $id: 'CafeteriaOverview' },
)

export const Overview = Type.Object(
  {
    asOf: { ...AsOf, description: 'As for one cafeteria; null also when there is none' },
    data: Type.Array(refTo(CafeteriaOverview), {
      description: 'By name; without cafeterias that do not exist',
    }),
  },
  { $id: 'Overview' },
)
export const overviewSchemas = [compared.days, CafeteriaOverview, Overview]
export type Overview = Static<typeof Overview>
