import { Nullable, Uuid } from '@comanda/service/values'
import { type TSchema, Type } from 'typebox'
import { Cents, Count, Seconds } from '../periods/period.schema.ts'

/** How a column is written in a file: `cents` as a decimal number of the currency, `text` so that no spreadsheet takes it for a formula. */
export type Cell = 'plain' | 'cents' | 'text' | 'instant'

/** A column of a file. */
export interface FileColumn {
  /** Its name in JSON, and in a file too, there without the `Cents` of an amount, which is no integer of minor units. */
  name: string
  cell: Cell
}

/** A column of a report, in JSON and in files. */
export interface Column extends FileColumn {
  schema: TSchema
}

const column =
  (cell: Cell, schema: (description: string) => TSchema) =>
  (name: string, description: string): Column => ({ name, cell, schema: schema(description) })

export const count = column('plain', Count)
export const cents = column('cents', Cents)
/** An amount that is null where there is nothing to take an average of. */
export const averageCents = column('cents', (description) =>
  Nullable(Type.Integer({ description: `${description}, in minor units; null for none` })),
)
export const share = column('plain', (description) =>
  Nullable(Type.Number({ minimum: 0, description: `${description}, 1 being all; null for none` })),
)
export const seconds = column('plain', Seconds)
export const id = column('plain', (description) => ({ ...Uuid, description }))
export const text = column('text', (description) => Type.String({ description }))
