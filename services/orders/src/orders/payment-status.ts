import { paymentStatuses } from '@comanda/database'
import { Type } from 'typebox'

export const PaymentStatus = Type.Enum([...paymentStatuses], {
  $id: 'PaymentStatus',
  description:
    '`pending` and `unknown` wait for the provider; `authorized`, `capturing` and `captured` are paid; `voiding` and `voided` were given up; `declined` and `failed` were not paid',
})
