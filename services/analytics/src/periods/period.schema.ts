import { commaSeparated, refTo } from '@comanda/service'
import { Instant, LocalDate, Nullable, OneOf, TimeZone, Uuid } from '@comanda/service/values'
import { type Static, type TObject, type TProperties, Type } from 'typebox'

export const CafeteriaParams = Type.Object({ cafeteriaId: Uuid })

/** What a period can be compared with. */
export const comparisons = ['previous', 'lastWeek'] as const
export type Comparison = (typeof comparisons)[number]
const anyComparison = `(${comparisons.join('|')})`

export const Compare = commaSeparated(OneOf(comparisons), {
  pattern: `^${anyComparison}(,${anyComparison})*$`,
  description:
    'Answers other periods beside the one that is asked for: `previous` is as many days before it, `lastWeek` the same days a week earlier',
})

/** The most days of one question. */
export const mostDays = 400

/** The query of everything that is asked about some days. */
export const periodQuery = {
  from: Type.Optional({
    ...LocalDate,
    description:
      'The first day, where the cafeteria is; today, or `to` where only that is given, unless given',
  }),
  to: Type.Optional({
    ...LocalDate,
    description: `The last day, at most ${mostDays - 1} after the first; today, or a later \`from\`, unless given`,
  }),
  compare: Type.Optional(Compare),
}
export const PeriodQuery = Type.Object(periodQuery, { additionalProperties: false })
export type PeriodQuery = Static<typeof PeriodQuery>

/** The query of what compares with last week unless it says otherwise. */
export const comparedQuery = { ...periodQuery, compare: { ...Compare, default: 'lastWeek' } }

/** Days before the first that may be asked for are compared with, so these are any dates. */
const Days = {
  from: Type.String({ format: 'date', description: 'The first day' }),
  to: Type.String({ format: 'date', description: 'The last day' }),
}

export const AsOf = Nullable({
  ...Instant,
  description:
    'Everything that was committed by then is counted, and perhaps more. Null: nothing was ever counted',
})

/** What is said of a cafeteria besides the numbers. */
export const aboutCafeteria = {
  cafeteriaId: Uuid,
  timeZone: TimeZone,
  currency: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' }),
}

/**
 * The members of an answer about some days and, where the query compares, about others.
 * @returns also the schema of these, which is to be added too
 */
export function comparedDays<P extends TProperties>({ properties }: TObject<P>, $id: string) {
  const days = Type.Object({ ...Days, ...properties }, { $id })
  const compared = Type.Optional(refTo(days))
  return { days, members: { ...Days, ...properties, previous: compared, lastWeek: compared } }
}

/** The schemas of an answer about some days of one cafeteria, which is the last of them. */
export function periodSchemas<P extends TProperties>(numbers: TObject<P>, name: string) {
  const { days, members } = comparedDays(numbers, `${name}Days`)
  return [days, Type.Object({ ...aboutCafeteria, asOf: AsOf, ...members }, { $id: name })] as const
}

export const Count = (description: string) => Type.Integer({ description })
export const Cents = (description: string) => Type.Integer({ description: `${description}, in minor units` })
export const Share = (description: string) =>
  Nullable(Type.Number({ minimum: 0, maximum: 1, description: `${description}, 0 to 1; null for none` }))
export const Seconds = (description: string) =>
  Nullable(Type.Number({ description: `${description}, in seconds; null for none` }))
