import { refTo } from '@comanda/service'
import { LocalDate, OneOf, Uuid } from '@comanda/service/values'
import { type Static, type TObject, Type } from 'typebox'
import { AsOf, aboutCafeteria } from '../periods/period.schema.ts'
import type { Column } from './columns.ts'

/** What one report may be about: three years. */
export const mostDays = 1098
/** The most rows of a report in JSON; a file may have more. */
export const mostRows = 10_000

export const units = ['day', 'week', 'month'] as const
export type Unit = (typeof units)[number]

const days = {
  cafeteriaId: Uuid,
  from: { ...LocalDate, description: 'The first day, where the cafeteria is' },
  to: { ...LocalDate, description: `The last day, at most ${mostDays - 1} after the first` },
}

export const ReportQuery = Type.Object(
  {
    ...days,
    by: { ...OneOf(units), default: 'day', description: 'What a row is about; weeks begin on Monday' },
    format: Type.Optional({
      ...OneOf(['json', 'csv']),
      description: 'Asks for a file or for JSON, whatever `accept` says',
    }),
  },
  { additionalProperties: false },
)
export type ReportQuery = Static<typeof ReportQuery>

export const ExportQuery = Type.Object(days, { additionalProperties: false })
export type ExportQuery = Static<typeof ExportQuery>

export const CsvFile = Type.String({
  description:
    'Lines of RFC 4180 in UTF-8 with a byte order mark. The first has the names of the columns. The last is `# complete, 31 rows, as of 2026-11-30T15:04:05+00:00`, with the number of lines between both; a file without it was cut off.',
})

/** Schemas of the answers. The names of rows and answers are components of the document. */
export function answerOf(answer: string, columns: readonly Column[]): { Row: TObject; Answer: TObject } {
  const Row = Type.Object(
    {
      from: { ...LocalDate, description: 'The first day of the period that was asked for' },
      to: { ...LocalDate, description: 'The last day of the period that was asked for' },
      ...Object.fromEntries(columns.map(({ name, schema }) => [name, schema])),
    },
    { $id: `${answer}Row` },
  )
  const Answer = Type.Object(
    {
      ...aboutCafeteria,
      asOf: AsOf,
      from: LocalDate,
      to: LocalDate,
      by: OneOf(units),
      rows: Type.Array(refTo(Row), { description: 'The earliest period first' }),
    },
    { $id: answer },
  )
  return { Row, Answer }
}
