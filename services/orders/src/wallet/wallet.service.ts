import type { Caller } from '@comanda/access'
import type { Database, ReadOptions } from '@comanda/database'
import type { TopUpDocument } from '@comanda/payments'
import { ownNeed } from '../consistency/consistency.schema.ts'
import { requestHash } from '../idempotency/request-hash.ts'
import { type ListPage, readList } from '../lists/list-source.ts'
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
 * @throws AppError wallet_currency_differs, payment_declined, payment_provider_unavailable
 */
export async function topUpWallet(
  { database, cards, currency }: WalletDependencies,
  { userId }: Caller,
  { amountCents, token, currency: askedCurrency }: RequestTopUp,
  origin: CallOrigin,
): Promise<TopUpDocument> {
  // Without a currency this is what clients sent before there was one, and the hash of it is the one that was kept then.
  const body = askedCurrency === undefined ? [amountCents, token] : [amountCents, token, askedCurrency]
  const { payment, replay } = await insertTopUp(
    database.primary,
    { userId, amountCents, currency, askedCurrency, provider: cards.provider },
    { ...origin, requestHash: requestHash(...body) },
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
export function listOwnTransactions(
  { database }: WalletDependencies,
  { userId }: Caller,
  request: ListTransactions,
  options: ReadOptions,
): Promise<ListPage<WalletTransaction>> {
  return readList(database, request, options, {
    fields: transactionFields,
    sortedBy: ['createdAt', 'id'],
    keyTypes: ['timestamp', 'uuid'],
    list: (db, fields, slice) => listTransactions(db, userId, fields, slice),
    count: (db) => countTransactions(db, userId),
  })
}
