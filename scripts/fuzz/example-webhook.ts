import { randomUUID } from 'node:crypto'
import { signatureHeader, signWebhook } from '../../libs/payments/src/webhook-signature.ts'
import type { ExampleCall } from '../../services/orders/test/access/example-calls.ts'

/** A valid call, with headers that belong to it. A body that is signed comes as text. */
export interface FuzzExample extends ExampleCall {
  headers?: Record<string, string>
  text?: string
}

/** A message of the payment sandbox about a payment that is not ours, which is taken and changes nothing. */
export function exampleWebhook(secret: string): FuzzExample {
  const text = JSON.stringify({
    id: `evt_${randomUUID()}`,
    type: 'authorization.approved',
    createdAt: new Date().toISOString(),
    authorization: {
      key: `authorize:${randomUUID()}`,
      reference: 'auth_1',
      status: 'authorized',
      declineCode: null,
      amountCents: 6500,
      currency: 'MXN',
      refundedCents: 0,
    },
  })
  const headers = { [signatureHeader]: signWebhook(secret, Buffer.from(text)) }
  return { path: { provider: 'sandbox' }, headers, text }
}
