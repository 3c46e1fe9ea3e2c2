import { Value } from 'typebox/value'
import { callProvider, type HttpAnswer } from '../http-call.ts'
import { webhookErrors } from '../payments.errors.ts'
import {
  type ActionResult,
  type AuthorizationOutcome,
  type AuthorizationResult,
  idempotencyKey,
  type PaymentProvider,
} from '../provider.ts'
import { signatureHeader, verifyWebhookSignature } from '../webhook-signature.ts'
import { SandboxAuthorization, SandboxEvent } from './protocol.ts'

/**
 * Makes a provider of the sandbox: a real one in all but the money, over real HTTP. With another name it is another
 * provider, at another address and with a secret of its own.
 */
export function createSandboxProvider(options: {
  name?: string
  url: string
  webhookSecret: string
}): PaymentProvider {
  const authorizationUrl = (paymentId: string, action = '') =>
    `${options.url}/authorizations/${encodeURIComponent(idempotencyKey('authorize', paymentId))}${action}`

  return {
    name: options.name ?? 'sandbox',
    async authorize({ paymentId, signal, ...body }) {
      const answer = await callProvider(`${options.url}/authorizations`, {
        method: 'POST',
        body,
        idempotencyKey: idempotencyKey('authorize', paymentId),
        signal,
      })
      return authorizationResult(answer, 'failed')
    },
    async capture({ paymentId, amountCents, signal }) {
      const key = idempotencyKey('capture', paymentId)
      const url = authorizationUrl(paymentId, '/capture')
      return actionResult(
        await callProvider(url, { method: 'POST', body: { amountCents }, idempotencyKey: key, signal }),
      )
    },
    async void({ paymentId, signal }) {
      const key = idempotencyKey('void', paymentId)
      const url = authorizationUrl(paymentId, '/void')
      return actionResult(await callProvider(url, { method: 'POST', body: {}, idempotencyKey: key, signal }))
    },
    async refund({ refundId, paymentId, amountCents, signal }) {
      const key = idempotencyKey('refund', refundId)
      const url = authorizationUrl(paymentId, '/refunds')
      return actionResult(
        await callProvider(url, { method: 'POST', body: { amountCents }, idempotencyKey: key, signal }),
      )
    },
    async find({ paymentId, signal }) {
      const answer = await callProvider(authorizationUrl(paymentId), { method: 'GET', signal })
      if (answer.kind === 'answered' && answer.status === 404) return null
      // A question that was not sent leaves the answer as open as before.
      return authorizationResult(answer, 'unknown')
    },
    verifyWebhook(headers, rawBody) {
      verifyWebhookSignature(options.webhookSecret, headers[signatureHeader], rawBody)
      const event = parseEvent(rawBody)
      const { key, reference, declineCode, amountCents, currency } = event.authorization
      return {
        id: event.id,
        paymentId: paymentOf(key),
        outcome: eventOutcomes[event.type],
        amountCents,
        currency,
        reference,
        declineCode,
        payload: event,
      }
    },
  }
}

const eventOutcomes: Record<SandboxEvent['type'], AuthorizationOutcome> = {
  'authorization.pending': 'pending',
  'authorization.approved': 'authorized',
  'authorization.declined': 'declined',
}

/** `captured` was authorised before; `voided` holds nothing and never will. */
const outcomes: Record<SandboxAuthorization['status'], AuthorizationOutcome> = {
  pending: 'pending',
  authorized: 'authorized',
  captured: 'authorized',
  declined: 'declined',
  voided: 'failed',
}

function authorizationResult(answer: HttpAnswer, ifUnsent: AuthorizationOutcome): AuthorizationResult {
  if (answer.kind === 'unsent') return { outcome: ifUnsent }
  if (answer.kind === 'unanswered' || isUndecided(answer.status)) return { outcome: 'unknown' }
  if (answer.status >= 400) return { outcome: 'failed' }
  if (!Value.Check(SandboxAuthorization, answer.body)) return { outcome: 'unknown' }
  const { status, reference, declineCode, amountCents, currency } = answer.body
  const outcome = outcomes[status]
  const authorized = outcome === 'authorized' ? { amountCents, currency } : {}
  return { outcome, reference, declineCode: declineCode ?? undefined, ...authorized }
}

function actionResult(answer: HttpAnswer): ActionResult {
  if (answer.kind !== 'answered' || isUndecided(answer.status)) return { outcome: 'unknown' }
  if (answer.status >= 400) return { outcome: 'refused' }
  const { reference } = answer.body as { reference?: string }
  return { outcome: 'succeeded', reference }
}

/** A server error may come after the deed; time-outs, conflicts of two equal calls and throttling ask for another try. */
function isUndecided(status: number): boolean {
  return status >= 500 || status === 408 || status === 409 || status === 425 || status === 429
}

/** The payment that a key was derived from. */
function paymentOf(key: string): string {
  const match = /^authorize:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(key)
  if (!match) throw webhookErrors.webhook_malformed('The webhook is about no payment of ours')
  return match[1] as string
}

function parseEvent(rawBody: Buffer): SandboxEvent {
  let event: unknown
  try {
    event = JSON.parse(rawBody.toString('utf8'))
  } catch (cause) {
    throw webhookErrors.webhook_malformed(undefined, { cause })
  }
  if (!Value.Check(SandboxEvent, event)) throw webhookErrors.webhook_malformed()
  return event
}
