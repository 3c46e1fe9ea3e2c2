import { createHmac, timingSafeEqual } from 'node:crypto'
import { webhookErrors } from './payments.errors.ts'

/** A message signed longer ago than this, or that far in the future, may be a replay. */
const replayWindowSeconds = 300

export const signatureHeader = 'sandbox-signature'

function digest(secret: string, seconds: number, rawBody: Buffer): Buffer {
  return createHmac('sha256', secret).update(`${seconds}.`).update(rawBody).digest()
}

/**
 * The value of the signature header, `t=<seconds>,v1=<hex>`: HMAC-SHA256 over `<seconds>.<body>`, the scheme of
 * https://docs.stripe.com/webhooks#verify-manually
 * @param at milliseconds since 1970
 */
export function signWebhook(secret: string, rawBody: Buffer, at = Date.now()): string {
  const seconds = Math.floor(at / 1000)
  return `t=${seconds},v1=${digest(secret, seconds, rawBody).toString('hex')}`
}

/**
 * Checks a signature on the bytes of the body.
 * @param at milliseconds since 1970
 * @throws AppError `webhook_signature_invalid` when it is missing, wrong, or out of the replay window of 5 minutes
 */
export function verifyWebhookSignature(
  secret: string,
  header: string | string[] | undefined,
  rawBody: Buffer,
  at = Date.now(),
): void {
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(typeof header === 'string' ? header : '')
  if (!match) throw webhookErrors.webhook_signature_invalid('The signature header is missing or malformed')
  const [, seconds, signature] = match as unknown as [string, string, string]
  if (!timingSafeEqual(Buffer.from(signature, 'hex'), digest(secret, Number(seconds), rawBody))) {
    throw webhookErrors.webhook_signature_invalid('The signature does not fit the body')
  }
  if (Math.abs(at / 1000 - Number(seconds)) > replayWindowSeconds) {
    throw webhookErrors.webhook_signature_invalid('The signature is more than five minutes old')
  }
}
