import { LocalDate, Nullable, Uuid } from '@comanda/service/values'
import { type TSchema, Type } from 'typebox'

/** How a column is written in a file: `cents` as a decimal number of the currency, `text` so that no spreadsheet takes it for a formula. */
export type Cell = 'plain' | 'cents' | 'text' | 'instant'

export interface Column {
  /** Its name in JSON, and in a file too, there without the `Cents` of an amount, which is no integer of minor units. */
  name: string
  cell: Cell
  schema: TSchema
}

const column =
  (cell: Cell, schema: (description: string) => TSchema) =>
  (name: string, description: string): Column => ({ name, cell, schema: schema(description) })

export const count = column('plain', (description) => Type.Integer({ description }))
export const cents = column('cents', (description) =>
  Type.Integer({ description: `${description}, in minor units` }),
)
/** An amount that is null where there is nothing to take an average of. */
export const averageCents = column('cents', (description) =>
  Nullable(Type.Integer({ description: `${description}, in minor units; null for none` })),
)
export const share = column('plain', (description) =>
  Nullable(Type.Number({ minimum: 0, description: `${description}, 1 being all; null for none` })),
)
export const seconds = column('plain', (description) =>
  Nullable(Type.Number({ description: `${description}, in seconds; null for none` })),
)
export const date = column('plain', (description) => ({ ...LocalDate, description }))
export const id = column('plain', (description) => ({ ...Uuid, description }))
export const text = column('text', (description) => Type.String({ description }))
