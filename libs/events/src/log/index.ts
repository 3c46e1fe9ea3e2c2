import type { TSchema } from 'typebox'
import { type MoneyEvent, moneyEvents } from './money-events.ts'
import { type OrderMove, orderMoves } from './order-moves.ts'

export type { MoneyEvent, OrderMove }

/**
 * Something that happened, as the log keeps it; `type` says which. A type is a contract: members are only ever added, and what would
 * break a consumer gets another name.
 */
export type LoggedEvent = OrderMove | MoneyEvent

/** The contract of each type of event that is appended to the log, by its name. */
export const eventContracts: ReadonlyMap<string, TSchema> = new Map(
  [...orderMoves, ...moneyEvents].map((schema) => [schema.properties.type.const, schema]),
)
