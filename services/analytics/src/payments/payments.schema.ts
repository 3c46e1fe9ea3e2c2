import { refTo } from '@comanda/service'
import { OneOf } from '@comanda/service/values'
import { Type } from 'typebox'
import { Cents, Count, Share } from '../periods/period.schema.ts'

export const OutcomeCount = Type.Object(
  {
    method: OneOf(['wallet', 'card']),
    outcome: OneOf([
      'authorized',
      'declined',
      'failed',
      'captured',
      'capture_failed',
      'voided',
      'refunded',
      'refund_failed',
    ]),
    payments: Count('Payments or, where it says so, refunds'),
    cents: Cents('What they came to'),
  },
  { $id: 'PaymentOutcomeCount' },
)

export const PaymentsNumbers = Type.Object(
  {
    attempts: Count('Attempts to pay by card'),
    successShare: Share('The share of them that the issuer authorised'),
    capturedCents: Cents('What came in, by card and from wallets'),
    refundedCents: Cents('What went back'),
    keptCents: Cents('What is left of the first without the second'),
    outcomes: Type.Array(refTo(OutcomeCount), {
      description:
        'What became of payments, on the day on which it did: `authorized`, `declined` and `failed` are attempts by card, `captured` is money that came in, `voided` and `capture_failed` what was authorised and never came',
    }),
  },
  { $id: 'PaymentsNumbers' },
)
