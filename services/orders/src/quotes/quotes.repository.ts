import type { Schema } from '@comanda/database'
import { type Kysely, sql } from 'kysely'
import { asRefusedOrder } from '../orders/order-refusals.ts'
import { itemsArgument } from '../orders/orders.repository.ts'
import type { NewQuote, Quote } from './quotes.schema.ts'

/**
 * Prices an order, promises it for two minutes and keeps that, in one statement. Nothing is taken for it.
 * @throws AppError with the code with which the SQL function quote_order refuses it
 */
export async function insertQuote(
  db: Kysely<Schema>,
  userId: string,
  { cafeteriaId, items, slotId, latestPickupAt }: Omit<NewQuote, 'pickup'>,
): Promise<Quote> {
  try {
    const { rows } = await sql<{ quote: Quote }>`
      select quote_order(${userId}, ${cafeteriaId}, ${slotId ?? null}, ${itemsArgument(items)},
        ${latestPickupAt ?? null}) as quote`.execute(db)
    return (rows[0] as { quote: Quote }).quote
  } catch (error) {
    throw asRefusedOrder(error)
  }
}
