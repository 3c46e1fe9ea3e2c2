import { sql } from 'kysely'
import { share as shareOf } from '../periods/numbers.ts'
import { cents, count, share } from './columns.ts'
import { ofPeriod, type Report } from './report.ts'

const payments = (where: ReturnType<typeof sql>) =>
  sql`coalesce(sum(payments) filter (where ${where}), 0)::bigint`
const money = (where: ReturnType<typeof sql>) => sql`coalesce(sum(cents) filter (where ${where}), 0)::bigint`
const refunded = sql`outcome = 'refunded'`
const byWallet = sql`outcome = 'refunded' and method = 'wallet'`
const byCard = sql`outcome = 'refunded' and method = 'card'`
const failed = sql`outcome = 'refund_failed'`

export const refunds: Report = {
  path: 'refunds',
  operationId: 'getRefundsReport',
  summary: 'What went back to customers in each period',
  description:
    'A refund counts on the day on which the money went back, whenever its order was placed: at once to a wallet, and to a card when the provider confirms it. A card that was authorised and never charged is no refund.',
  answer: 'RefundsReport',
  columns: [
    count('refunds', 'Refunds that succeeded'),
    cents('refundedCents', 'What went back'),
    count('walletRefunds', 'Refunds to wallets'),
    cents('walletRefundedCents', 'What went back to wallets'),
    count('cardRefunds', 'Refunds to cards'),
    cents('cardRefundedCents', 'What went back to cards'),
    count('failedRefunds', 'Refunds that the provider refused'),
    cents('failedCents', 'What these would have given back'),
    cents('capturedCents', 'Money that came in, by card and from wallets'),
    share('refundedShare', 'What went back, as a share of what came in'),
  ],
  rows: {
    columns: sql`m.refunds, m.refunded_cents, m.wallet_refunds, m.wallet_refunded_cents, m.card_refunds, m.card_refunded_cents,
      m.failed_refunds, m.failed_cents, m.captured_cents, ${shareOf(sql`m.refunded_cents`, sql`m.captured_cents`)} as refunded_share`,
    from: sql`
      cross join lateral (
        select ${payments(refunded)} as refunds, ${money(refunded)} as refunded_cents,
          ${payments(byWallet)} as wallet_refunds, ${money(byWallet)} as wallet_refunded_cents,
          ${payments(byCard)} as card_refunds, ${money(byCard)} as card_refunded_cents,
          ${payments(failed)} as failed_refunds, ${money(failed)} as failed_cents,
          ${money(sql`outcome = 'captured'`)} as captured_cents
        from rollup_payments where ${ofPeriod}
      ) m`,
  },
}
