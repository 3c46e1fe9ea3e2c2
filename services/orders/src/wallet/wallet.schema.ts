import { listOf, listQuery, refTo } from '@comanda/service'
import { Instant, Nullable, Uuid } from '@comanda/service/values'
import { type Static, Type } from 'typebox'
import { CardToken, PaymentMethod } from '../orders/payment-method.ts'
import { Payment } from '../payments/payments.schema.ts'

const Currency = Type.String({ description: 'ISO 4217' })
const Balance = Type.Integer({ minimum: 0, description: 'Minor units of `currency`' })

export const Wallet = Type.Object({ balanceCents: Balance, currency: Currency }, { $id: 'Wallet' })
export type Wallet = Static<typeof Wallet>

export const RequestTopUp = Type.Object(
  {
    amountCents: Type.Integer({
      minimum: 1,
      maximum: 10_000_000,
      description: 'Minor units of the wallet’s currency',
    }),
    token: CardToken,
    currency: Type.Optional(
      Type.String({
        pattern: '^[A-Z]{3}$',
        description:
          'The currency (ISO 4217) in which the customer expects to be charged, by default that of new wallets; refused unless it is the wallet’s',
      }),
    ),
  },
  { $id: 'RequestTopUp', additionalProperties: false },
)
export type RequestTopUp = Static<typeof RequestTopUp>

export const TopUp = Type.Object({ ...Payment.properties, balanceCents: Balance }, { $id: 'TopUp' })

export const WalletTransaction = Type.Object(
  {
    id: Uuid,
    kind: Type.Union([Type.Literal('payment'), Type.Literal('refund'), Type.Literal('top_up')], {
      description: 'A payment is money out; a refund and a top-up are money in',
    }),
    method: refTo(PaymentMethod),
    amountCents: Type.Integer({ minimum: 1, description: 'Minor units of `currency`, never negative' }),
    currency: Currency,
    orderId: Type.Union([Uuid, Type.Null()], { description: 'Null for a top-up' }),
    paymentId: Uuid,
    refundId: Nullable(Uuid),
    createdAt: Instant,
  },
  { $id: 'Transaction' },
)
export type WalletTransaction = Static<typeof WalletTransaction>
export const transactionFields = Object.keys(WalletTransaction.properties) as (keyof WalletTransaction)[]

export const ListTransactions = Type.Object(listQuery(transactionFields), { additionalProperties: false })
export type ListTransactions = Static<typeof ListTransactions>

/** All of a transaction or, with `fields`, some of it. */
const TransactionSummary = Type.Object(Type.Partial(WalletTransaction).properties, {
  $id: 'TransactionSummary',
})
export const TransactionList = listOf(refTo(TransactionSummary), 'TransactionList')

export const walletSchemas = [
  Wallet,
  RequestTopUp,
  TopUp,
  WalletTransaction,
  TransactionSummary,
  TransactionList,
]
