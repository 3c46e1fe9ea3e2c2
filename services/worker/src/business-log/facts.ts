import type { LoggedEvent } from '@comanda/events/log'
import { traceIdOf } from '@comanda/service'

/**
 * Chooses what the log line of an event says: ids, amounts and how it was paid. Free text stays out (a person typed `reason`), and so
 * does everything that is added to a contract, until it is listed here.
 */
export function factsOf(event: LoggedEvent) {
  const { id: eventId, cafeteriaId, orderId, version, actorId, actorRole, requestId, traceparent, at } = event
  return {
    eventId,
    at,
    cafeteriaId,
    orderId,
    version,
    actorId,
    actorRole,
    requestId,
    traceId: traceIdOf(traceparent ?? undefined),
    ...(event.data && dataOf(event.data)),
  }
}

function dataOf(data: NonNullable<LoggedEvent['data']>) {
  if ('totalCents' in data) {
    const { totalCents, currency, paymentMethod, pickupKind } = data
    return { totalCents, currency, paymentMethod, pickupKind }
  }
  if ('promisedAt' in data) return { promisedAt: data.promisedAt }
  const { paymentId, userId, method, provider, amountCents, currency } = data
  const payment = { paymentId, userId, method, provider, amountCents, currency }
  if ('refundId' in data) return { ...payment, refundId: data.refundId }
  return { ...payment, purpose: data.purpose, declineCode: data.declineCode }
}
