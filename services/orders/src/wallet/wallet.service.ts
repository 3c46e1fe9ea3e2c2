import type { Caller } from '@comanda/access'
import type { Database, ReadOptions, Schema } from '@comanda/database'
import type { TopUpDocument } from '@comanda/payments'
import { cursorPage, decodeCursor, numberedPage, pageOffset, parseFields } from '@comanda/service'
import type { Kysely } from 'kysely'
import { ownNeed } from '../consistency/consistency.schema.ts'
import { requestHash } from '../idempotency/request-hash.ts'
import { requirePayment } from '../orders/payment-outcome.ts'
import type { CallOrigin, CardPayments } from '../payments/card-payments.ts'
import { countTransactions, findWallet, insertTopUp, listTransactions } from './wallet.repository.ts'
import {
  type ListTransactions,
  type RequestTopUp,
  transactionFields,
  type Wallet,
  type WalletTransaction,
} from './wallet.schema.ts'

export interface WalletDependencies {
  database: Database
  cards: CardPayments
  /** The currency of wallets that nothing was put into yet. */
  currency: string
}

export async function getWallet(
  { database, currency }: WalletDependencies,
  { userId }: Caller,
  options: ReadOptions,
): Promise<Wallet> {
  const wallet = await database.find(ownNeed(options), (db) => findWallet(db, userId), options)
  return wallet ?? { balanceCents: 0, currency }
}

/**
 * Puts money from a card into the caller's wallet, once per key.
 * @throws AppError payment_declined, payment_provider_unavailable
 */
export async function topUpWallet(
  { database, cards, currency }: WalletDependencies,
  { userId }: Caller,
  { amountCents, token }: RequestTopUp,
  origin: CallOrigin,
): Promise<TopUpDocument> {
  const { payment, replay } = await insertTopUp(
    database.primary,
    { userId, amountCents, currency, provider: cards.provider },
    { ...origin, requestHash: requestHash(amountCents, token) },
  )
  const topUp = payment
    ? await cards.topUp({ paymentId: payment.id, amountCents, currency: payment.currency, token, ...origin })
    : (replay.answer ?? replay.current)
  requirePayment(topUp)
  return topUp
}

/**
 * Reads a page of what the caller paid, got back and put into the wallet, newest first.
 * @throws AppError unknown_field, invalid_cursor
 */
export async function listOwnTransactions(
  { database }: WalletDependencies,
  { userId }: Caller,
  { limit, cursor, page, fields }: ListTransactions,
  options: ReadOptions,
) {
  const asked = parseFields(fields, transactionFields) ?? transactionFields
  if (page !== undefined) {
    const readPage = async (db: Kysely<Schema>) => {
      const data = await listTransactions(db, userId, asked, { limit, offset: pageOffset({ page, limit }) })
      return numberedPage(data, { total: await countTransactions(db, userId), page, limit })
    }
    return database.read('catalogue', readPage, options)
  }
  const [createdAt, id] = cursor === undefined ? [] : decodeCursor(cursor, ['timestamp', 'uuid'])
  const after = createdAt === undefined || id === undefined ? undefined : { createdAt, id }
  // The sort key is read even when it is not asked for.
  const read = [...new Set<keyof WalletTransaction>([...asked, 'createdAt', 'id'])]
  const rows = await database.read(
    'catalogue',
    (db) => listTransactions(db, userId, read, { limit: limit + 1, after }),
    options,
  )
  const { data, nextCursor } = cursorPage(rows, limit, (row) => [row.createdAt as string, row.id as string])
  return { data: data.map((row) => pick(row, asked)), nextCursor }
}

function pick(
  row: Partial<WalletTransaction>,
  fields: readonly (keyof WalletTransaction)[],
): Partial<WalletTransaction> {
  return Object.fromEntries(fields.map((field) => [field, row[field]]))
}
