import { sql } from 'kysely'
import { sum } from '../periods/numbers.ts'
import { averageCents, cents, count } from './columns.ts'
import { ofPeriod, type Report } from './report.ts'

const ofDays = ['placed', 'items', 'grossCents', 'rejected', 'cancelled', 'lostCents', 'newCustomers']

export const sales: Report = {
  path: 'sales',
  operationId: 'getSalesReport',
  summary: 'What was sold, lost and refunded in each period',
  description:
    'An order counts on the day on which it was placed: paid by wallet, or authorised by card. What was rejected or cancelled is lost on the day of that, and sales are the first without the second. Money that came in or went back counts on the day on which it did, so a refund of yesterday’s order lowers today’s `keptCents`, and no sales.',
  answer: 'SalesReport',
  columns: [
    count('placed', 'Orders that were placed'),
    count('items', 'Units in them'),
    cents('grossCents', 'What they came to'),
    count('rejected', 'Placed orders that were rejected, by staff or because nobody answered'),
    count('cancelled', 'Placed orders that were cancelled'),
    cents('lostCents', 'What both came to'),
    cents('salesCents', 'What is left of the gross amount without the lost one'),
    averageCents('averageOrderCents', 'What a placed order came to on average'),
    cents('capturedCents', 'Money that came in, by card and from wallets'),
    cents('refundedCents', 'Money that went back'),
    cents('keptCents', 'What is left of the money that came in'),
    count('visits', 'Customers of each day, added: who comes on two days has come twice'),
    count('newCustomers', 'Customers who had never ordered here before'),
  ],
  rows: {
    columns: sql`d.placed, d.items, d.gross_cents, d.rejected, d.cancelled, d.lost_cents, d.gross_cents - d.lost_cents as sales_cents,
      round(d.gross_cents::numeric / nullif(d.placed, 0))::bigint as average_order_cents,
      m.captured_cents, m.refunded_cents, m.captured_cents - m.refunded_cents as kept_cents, d.visits, d.new_customers`,
    from: sql`
      cross join lateral (
        select ${sql.join(ofDays.map((column) => sum(column)))}, coalesce(sum(customers), 0)::bigint as visits from rollup_days where ${ofPeriod}
      ) d
      cross join lateral (
        select coalesce(sum(cents) filter (where outcome = 'captured'), 0)::bigint as captured_cents,
          coalesce(sum(cents) filter (where outcome = 'refunded'), 0)::bigint as refunded_cents
        from rollup_payments where ${ofPeriod}
      ) m`,
  },
}
